# What a log-on or a start of Windows or of a program starts by the registry: Run, RunOnce, Winlogon, AppInit, Debugger.
# https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$below = @(
    'Software\Microsoft\Windows\CurrentVersion\Run',
    'Software\Microsoft\Windows\CurrentVersion\RunOnce',
    'Software\Microsoft\Windows\CurrentVersion\Policies\Explorer\Run',
    'Software\WOW6432Node\Microsoft\Windows\CurrentVersion\Run',
    'Software\WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce'
)
$roots = @('Registry::HKEY_LOCAL_MACHINE')
# Of accounts that are logged on; of the others the hive is not loaded.
foreach ($hive in Get-ChildItem -LiteralPath 'Registry::HKEY_USERS' -ErrorAction SilentlyContinue) {
    if ($hive.PSChildName -match '^S-1-5-(18|19|20|21-[\d-]+)$') { $roots += 'Registry::HKEY_USERS\' + $hive.PSChildName }
}
foreach ($root in $roots) {
    foreach ($part in $below) {
        $key = Get-Item -LiteralPath ($root + '\' + $part) -ErrorAction SilentlyContinue
        if ($null -ne $key) {
            foreach ($name in $key.GetValueNames()) {
                [pscustomobject]@{
                    key = [string]$key.Name
                    name = [string]$name
                    data = [string]$key.GetValue($name)
                    kind = 'run'
                }
            }
        }
    }
}
$logon = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
foreach ($name in @('Shell', 'Userinit')) {
    [pscustomobject]@{ key = [string]$logon.Name; name = $name; data = [string]$logon.GetValue($name); kind = 'winlogon' }
}
$windows = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Windows'
if ([string]$windows.GetValue('AppInit_DLLs') -ne '') {
    [pscustomobject]@{ key = [string]$windows.Name; name = 'AppInit_DLLs'; data = [string]$windows.GetValue('AppInit_DLLs'); kind = 'appinit' }
}
$options = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options'
foreach ($key in Get-ChildItem -LiteralPath $options -ErrorAction SilentlyContinue) {
    if (@($key.GetValueNames()) -contains 'Debugger') {
        [pscustomobject]@{ key = [string]$key.Name; name = 'Debugger'; data = [string]$key.GetValue('Debugger'); kind = 'debugger' }
    }
}
