# Takes rules of ours away by their names; one that is gone is gone.
param(
    [Parameter(Mandatory = $true)] [string[]] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($one in $Name) {
    Remove-NetFirewallRule -Name $one -ErrorAction SilentlyContinue
    [pscustomobject]@{ name = $one }
}
