# Takes away a file of our own, and no other.
param(
    [Parameter(Mandatory = $true)] [string] $Path
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$own = [System.IO.Path]::Combine($env:ProgramData, 'tourniquet') + '\'
$full = [System.IO.Path]::GetFullPath($Path)
if (-not $full.StartsWith($own, [System.StringComparison]::OrdinalIgnoreCase)) { throw 'That is no file of ours.' }
[System.IO.File]::Delete($full)
[pscustomobject]@{ path = $full }
