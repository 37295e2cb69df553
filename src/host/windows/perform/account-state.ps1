# An account of this machine as it is now.
param(
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$user = Get-LocalUser -Name $Name -ErrorAction SilentlyContinue
if ($null -ne $user) {
    $sid = [string]$user.SID.Value
    [pscustomobject]@{
        sid = $sid
        rid = [int]$sid.Substring($sid.LastIndexOf('-') + 1)
        isEnabled = [bool]$user.Enabled
    }
}
