# Takes something out of what Defender passes over, or puts it in again.
# https://learn.microsoft.com/powershell/module/defender/remove-mppreference
param(
    [Parameter(Mandatory = $true)] [string] $List,
    [Parameter(Mandatory = $true)] [string] $Value,
    [Parameter(Mandatory = $true)] [bool] $Remove
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ($Remove) {
    if ($List -eq 'ExclusionPath') { Remove-MpPreference -ExclusionPath $Value }
    if ($List -eq 'ExclusionProcess') { Remove-MpPreference -ExclusionProcess $Value }
    if ($List -eq 'ExclusionExtension') { Remove-MpPreference -ExclusionExtension $Value }
} else {
    if ($List -eq 'ExclusionPath') { Add-MpPreference -ExclusionPath $Value }
    if ($List -eq 'ExclusionProcess') { Add-MpPreference -ExclusionProcess $Value }
    if ($List -eq 'ExclusionExtension') { Add-MpPreference -ExclusionExtension $Value }
}
[pscustomobject]@{ name = $Value }
