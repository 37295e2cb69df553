# Disables a scheduled task and stops what it has started, or enables it.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $Name,
    [Parameter(Mandatory = $true)] [bool] $Enable
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ($Enable) {
    $null = Enable-ScheduledTask -TaskPath $Path -TaskName $Name
} else {
    $null = Disable-ScheduledTask -TaskPath $Path -TaskName $Name
    Stop-ScheduledTask -TaskPath $Path -TaskName $Name -ErrorAction SilentlyContinue
}
[pscustomobject]@{ name = $Name }
