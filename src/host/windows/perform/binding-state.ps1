# Whether a filter and a consumer are bound, and of which class the consumer is.
param(
    [Parameter(Mandatory = $true)] [string] $Filter,
    [Parameter(Mandatory = $true)] [string] $Consumer
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$bound = $false
foreach ($one in Get-CimInstance -Namespace 'root/subscription' -ClassName __FilterToConsumerBinding) {
    if ($one.Filter.Name -eq $Filter -and $one.Consumer.Name -eq $Consumer) { $bound = $true }
}
foreach ($one in Get-CimInstance -Namespace 'root/subscription' -ClassName __EventConsumer) {
    if ($one.Name -eq $Consumer) {
        [pscustomobject]@{ isInForce = $bound; kept = [string]$one.CimClass.CimClassName }
    }
}
