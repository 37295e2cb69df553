# Moves a file within its volume, or copies it to another one, compares, and removes it; never over a file that is there.
# In quarantine nobody can run it: it has no access list but the folder's.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $Destination,
    [Parameter(Mandatory = $true)] [string] $Sha256
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant() -ne $Sha256) {
    throw 'The file is not the one that was planned for.'
}
[System.IO.File]::SetAttributes($Path, [System.IO.FileAttributes]::Normal)
[System.IO.File]::Copy($Path, $Destination, $false)
if ((Get-FileHash -LiteralPath $Destination -Algorithm SHA256).Hash.ToLowerInvariant() -ne $Sha256) {
    [System.IO.File]::Delete($Destination)
    throw 'The copy is not the same as the file: nothing was removed.'
}
[System.IO.File]::Delete($Path)
[pscustomobject]@{ path = $Destination }
