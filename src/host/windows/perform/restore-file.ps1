# Puts a file back from where it was kept: content, access list, times, attributes. Never over a file that is there.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $Destination,
    [Parameter(Mandatory = $true)] [string] $Sha256,
    [Parameter(Mandatory = $true)] [string] $Sddl,
    [Parameter(Mandatory = $true)] [int] $Attributes,
    [Parameter(Mandatory = $true)] [long] $Created,
    [Parameter(Mandatory = $true)] [long] $Written
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant() -ne $Sha256) {
    throw 'What is kept is not what was taken: it is left where it is.'
}
[System.IO.File]::Copy($Path, $Destination, $false)
$security = New-Object -TypeName System.Security.AccessControl.FileSecurity
$security.SetSecurityDescriptorSddlForm($Sddl)
try {
    Set-Acl -LiteralPath $Destination -AclObject $security
} catch {
    # Without its access list it would be another file: it stays where it is kept.
    [System.IO.File]::Delete($Destination)
    throw
}
[System.IO.File]::SetCreationTimeUtc($Destination, [DateTime]::FromFileTimeUtc($Created))
[System.IO.File]::SetLastWriteTimeUtc($Destination, [DateTime]::FromFileTimeUtc($Written))
[System.IO.File]::SetAttributes($Destination, [System.IO.FileAttributes]$Attributes)
[System.IO.File]::Delete($Path)
[pscustomobject]@{ path = $Destination }
