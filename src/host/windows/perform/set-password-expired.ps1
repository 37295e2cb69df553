# Has an account choose a new password at its next log-on, or takes that back.
# https://learn.microsoft.com/windows/win32/adsi/winnt-custom-user-properties
param(
    [Parameter(Mandatory = $true)] [string] $Name,
    [Parameter(Mandatory = $true)] [bool] $Expired
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$user = Get-LocalUser -Name $Name
$entry = New-Object -TypeName System.DirectoryServices.DirectoryEntry -ArgumentList ('WinNT://./' + [string]$user.Name + ',user')
$entry.Properties['PasswordExpired'].Value = [int]$Expired
$entry.CommitChanges()
[pscustomobject]@{ name = [string]$user.Name }
