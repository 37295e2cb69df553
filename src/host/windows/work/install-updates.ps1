# Installs updates by the Windows Update Agent, one after the other, so that each is told of. From a session over the network
# the agent does not install; as SYSTEM it does.
# https://learn.microsoft.com/windows/win32/wua_sdk/searching--downloading--and-installing-updates
$said = [System.IO.Path]::Combine($Folder, 'output.txt')
$progress = [System.IO.Path]::Combine($Folder, 'progress.txt')
$session = New-Object -ComObject Microsoft.Update.Session
$found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0')
$wanted = @()
foreach ($update in $found.Updates) {
    $names = @([string]$update.Identity.UpdateID)
    foreach ($article in $update.KBArticleIDs) { $names += 'KB' + [string]$article }
    $isAsked = (@($given.names).Count -eq 0)
    foreach ($name in @($given.names)) { if ($names -contains [string]$name) { $isAsked = $true } }
    if ($isAsked) { $wanted += $update }
}
$failed = @()
$needsRestart = $false
for ($at = 0; $at -lt $wanted.Count; $at += 1) {
    $update = $wanted[$at]
    [System.IO.File]::WriteAllText($progress, [string][int](100 * $at / $wanted.Count))
    [System.IO.File]::AppendAllText($said, [string]$update.Title + [System.Environment]::NewLine)
    if (-not $update.EulaAccepted) { $update.AcceptEula() }
    $one = New-Object -ComObject Microsoft.Update.UpdateColl
    $null = $one.Add($update)
    $downloader = $session.CreateUpdateDownloader()
    $downloader.Updates = $one
    $null = $downloader.Download()
    $installer = $session.CreateUpdateInstaller()
    $installer.Updates = $one
    $outcome = $installer.Install()
    # OperationResultCode: 2 is succeeded, 3 succeeded with errors.
    # https://learn.microsoft.com/windows/win32/api/wuapi/ne-wuapi-operationresultcode
    if ([int]$outcome.ResultCode -ne 2) { $failed += [string]$update.Title + ' (result ' + [string][int]$outcome.ResultCode + ')' }
    if ($outcome.RebootRequired) { $needsRestart = $true }
}
$result = @{
    ok = ($failed.Count -eq 0)
    message = [string]::Join('; ', [string[]]$failed)
    installed = $wanted.Count - $failed.Count
    needsRestart = $needsRestart
}
