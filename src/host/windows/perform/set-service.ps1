# Sets how a service starts, then stops or starts it.
# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/set-service
param(
    [Parameter(Mandatory = $true)] [string] $Name,
    [Parameter(Mandatory = $true)] [string] $StartupType,
    [Parameter(Mandatory = $true)] [bool] $Run
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Set-Service -Name $Name -StartupType $StartupType
if ($Run) { Start-Service -Name $Name } else { Stop-Service -Name $Name -Force }
[pscustomobject]@{ name = $Name }
