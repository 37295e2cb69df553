# Whether Defender passes over something.
param(
    [Parameter(Mandatory = $true)] [string] $List,
    [Parameter(Mandatory = $true)] [string] $Value
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$set = Get-MpPreference
$values = @()
if ($List -eq 'ExclusionPath') { $values = @($set.ExclusionPath) }
if ($List -eq 'ExclusionProcess') { $values = @($set.ExclusionProcess) }
if ($List -eq 'ExclusionExtension') { $values = @($set.ExclusionExtension) }
[pscustomobject]@{ isInForce = ($values -contains $Value); kept = $List }
