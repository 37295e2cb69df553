# Accounts of this machine. https://learn.microsoft.com/powershell/module/microsoft.powershell.localaccounts/get-localuser
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$admins = @{}
foreach ($member in Get-LocalGroupMember -SID 'S-1-5-32-544' -ErrorAction SilentlyContinue) {
    $admins[[string]$member.SID.Value] = $true
}
foreach ($user in Get-LocalUser) {
    $changed = $null
    if ($null -ne $user.PasswordLastSet) { $changed = [string]$user.PasswordLastSet.ToFileTimeUtc() }
    $seen = $null
    if ($null -ne $user.LastLogon) { $seen = [string]$user.LastLogon.ToFileTimeUtc() }
    $sid = [string]$user.SID.Value
    [pscustomobject]@{
        name = [string]$user.Name
        sid = $sid
        rid = [int]$sid.Substring($sid.LastIndexOf('-') + 1)
        isEnabled = [bool]$user.Enabled
        isAdministrator = $admins.ContainsKey($sid)
        passwordRequired = [bool]$user.PasswordRequired
        passwordChanged = $changed
        lastLogon = $seen
    }
}
