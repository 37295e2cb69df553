# Files in the startup folders of everybody and of each account; of a shortcut what it starts.
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$folders = @([System.IO.Path]::Combine($env:ProgramData, 'Microsoft\Windows\Start Menu\Programs\StartUp'))
foreach ($account in Get-CimInstance -ClassName Win32_UserProfile) {
    if (-not $account.Special) {
        $folders += [System.IO.Path]::Combine([string]$account.LocalPath, 'AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup')
    }
}
$shell = New-Object -ComObject WScript.Shell
foreach ($folder in $folders) {
    foreach ($file in Get-ChildItem -LiteralPath $folder -File -Force -ErrorAction SilentlyContinue) {
        if ($file.Name -ne 'desktop.ini') {
            $starts = ''
            $arguments = ''
            if ($file.Extension -eq '.lnk') {
                $shortcut = $shell.CreateShortcut($file.FullName)
                $starts = [string]$shortcut.TargetPath
                $arguments = [string]$shortcut.Arguments
            }
            [pscustomobject]@{ path = [string]$file.FullName; starts = $starts; arguments = $arguments }
        }
    }
}
