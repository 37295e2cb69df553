# Gives a file another content; access list, owner and attributes stay. Refuses one that is not as it was planned for.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Bytes
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant() -ne $Sha256) {
    throw 'The file is not the one that was planned for.'
}
$before = [System.IO.File]::GetAttributes($Path)
[System.IO.File]::SetAttributes($Path, [System.IO.FileAttributes]::Normal)
try {
    [System.IO.File]::WriteAllBytes($Path, [System.Convert]::FromBase64String($Bytes))
} finally {
    [System.IO.File]::SetAttributes($Path, $before)
}
[pscustomobject]@{ sha256 = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant() }
