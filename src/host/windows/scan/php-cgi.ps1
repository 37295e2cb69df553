# PHP's CGI program: its version, what in Apache's settings starts it, and the code page by which Windows turns letters into others.
# https://github.com/php/php-src/security/advisories/GHSA-3qgc-jrrr-25jv
# https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$page = [string](Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Nls\CodePage').GetValue('ACP', '')
$drive = [string]$env:SystemDrive + '\'
$folders = @([System.IO.Path]::Combine($drive, 'xampp\php'), [System.IO.Path]::Combine($drive, 'php'))
$above = @(
    [System.IO.Path]::Combine($drive, 'php')
    [System.IO.Path]::Combine($drive, 'tools')
    [System.IO.Path]::Combine($drive, 'wamp64\bin\php')
    [System.IO.Path]::Combine($drive, 'laragon\bin\php')
    [System.IO.Path]::Combine([string]$env:ProgramFiles, 'PHP')
)
foreach ($folder in $above) {
    foreach ($below in Get-ChildItem -LiteralPath $folder -Directory -ErrorAction SilentlyContinue | Select-Object -First 50) {
        $folders += [string]$below.FullName
    }
}
$files = @($folders | ForEach-Object -Process { [System.IO.Path]::Combine($_, 'php-cgi.exe') })
$servers = @([System.IO.Path]::Combine($drive, 'xampp\apache'))
$isRunning = $false
foreach ($process in Get-CimInstance -ClassName Win32_Process) {
    $program = [string]$process.ExecutablePath
    if ($program -ne '' -and $process.Name -eq 'php-cgi.exe') { $files += $program }
    if ($program -ne '' -and $process.Name -eq 'httpd.exe') {
        $isRunning = $true
        $servers += [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($program))
    }
}
$settings = @()
foreach ($server in $servers | Select-Object -Unique) {
    foreach ($part in 'conf', 'conf\extra') {
        foreach ($file in Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($server, $part)) -Filter '*.conf' -File -ErrorAction SilentlyContinue | Select-Object -First 100) {
            if ($file.Length -lt 1048576) {
                foreach ($match in Select-String -LiteralPath $file.FullName -Pattern '^\s*(ScriptAlias|Action)\s.*(php-cgi|/php)' -ErrorAction SilentlyContinue) {
                    $settings += [pscustomobject]@{ path = [string]$file.FullName; line = [int]$match.LineNumber; text = ([string]$match.Line).Trim() }
                }
            }
        }
    }
}
foreach ($one in $files | Select-Object -Unique) {
    $item = Get-Item -LiteralPath $one -Force -ErrorAction SilentlyContinue
    if ($null -ne $item -and $item -is [System.IO.FileInfo]) {
        [pscustomobject]@{
            path = [string]$item.FullName
            version = [string]$item.VersionInfo.ProductVersion
            codePage = $page
            isServerRunning = $isRunning
            settings = @($settings)
        }
    }
}
