# Updates that Windows knows of and has not installed.
# https://learn.microsoft.com/windows/win32/api/wuapi/nf-wuapi-iupdatesearcher-search
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$session = New-Object -ComObject Microsoft.Update.Session
$found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0')
foreach ($update in $found.Updates) {
    [pscustomobject]@{
        id = [string]$update.Identity.UpdateID
        title = [string]$update.Title
        severity = [string]$update.MsrcSeverity
        articles = @($update.KBArticleIDs | ForEach-Object -Process { 'KB' + [string]$_ })
    }
}
