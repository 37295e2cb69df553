# Whether an account must choose a new password at its next log-on.
# https://learn.microsoft.com/windows/win32/adsi/winnt-custom-user-properties
param(
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$user = Get-LocalUser -Name $Name -ErrorAction SilentlyContinue
if ($null -ne $user) {
    $sid = [string]$user.SID.Value
    $entry = New-Object -TypeName System.DirectoryServices.DirectoryEntry -ArgumentList ('WinNT://./' + [string]$user.Name + ',user')
    [pscustomobject]@{
        rid = [int]$sid.Substring($sid.LastIndexOf('-') + 1)
        isExpired = ([int]$entry.Properties['PasswordExpired'].Value -eq 1)
        neverExpires = ($null -eq $user.PasswordExpires)
    }
}
