# Switches an account off or on, by the id that does not pass to another.
param(
    [Parameter(Mandatory = $true)] [string] $Sid,
    [Parameter(Mandatory = $true)] [bool] $Enable
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ($Enable) { Enable-LocalUser -SID $Sid } else { Disable-LocalUser -SID $Sid }
[pscustomobject]@{ sid = $Sid }
