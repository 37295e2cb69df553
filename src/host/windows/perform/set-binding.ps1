# Takes the binding of a filter to a consumer away, or binds them again.
# https://learn.microsoft.com/windows/win32/wmisdk/--filtertoconsumerbinding
param(
    [Parameter(Mandatory = $true)] [string] $Filter,
    [Parameter(Mandatory = $true)] [string] $Consumer,
    [Parameter(Mandatory = $true)] [bool] $Remove
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$space = 'root/subscription'
if ($Remove) {
    foreach ($one in Get-CimInstance -Namespace $space -ClassName __FilterToConsumerBinding) {
        if ($one.Filter.Name -eq $Filter -and $one.Consumer.Name -eq $Consumer) { Remove-CimInstance -InputObject $one }
    }
} else {
    $left = Get-CimInstance -Namespace $space -ClassName __EventFilter | Where-Object -FilterScript { $_.Name -eq $Filter }
    $right = Get-CimInstance -Namespace $space -ClassName __EventConsumer | Where-Object -FilterScript { $_.Name -eq $Consumer }
    if ($null -eq $left -or $null -eq $right) { throw 'Filter or consumer is gone: they cannot be bound.' }
    $null = New-CimInstance -Namespace $space -ClassName __FilterToConsumerBinding -Property @{ Filter = [ref]$left; Consumer = [ref]$right }
}
[pscustomobject]@{ name = $Consumer }
