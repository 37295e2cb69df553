# What of a file is not in its content: access list with owner (SDDL), attributes, times.
# https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
param(
    [Parameter(Mandatory = $true)] [string] $Path
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$item = Get-Item -LiteralPath $Path -Force
[pscustomobject]@{
    sddl = [string](Get-Acl -LiteralPath $Path).Sddl
    attributes = [int]$item.Attributes
    created = [string]$item.CreationTimeUtc.ToFileTimeUtc()
    written = [string]$item.LastWriteTimeUtc.ToFileTimeUtc()
}
