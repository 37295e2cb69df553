# A command of the playbook, which is the one thing here that is somebody else's text. It runs from a file of its own, with
# what it says in files, and goes on when we are gone.
# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/start-process
foreach ($property in $given.environment.PSObject.Properties) {
    [System.Environment]::SetEnvironmentVariable([string]$property.Name, [string]$property.Value)
}
$file = [string]$given.file
$arguments = [string]$given.arguments
if ([string]$given.text -ne '') {
    $script = [System.IO.Path]::Combine($Folder, 'command.ps1')
    $utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $true
    [System.IO.File]::WriteAllText($script, [string]$given.text, $utf8)
    $file = [System.IO.Path]::Combine($env:SystemRoot, 'System32\WindowsPowerShell\v1.0\powershell.exe')
    $arguments = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $script + '"'
}
$how = @{
    FilePath = $file
    WorkingDirectory = [string]$given.workingFolder
    RedirectStandardOutput = [System.IO.Path]::Combine($Folder, 'output.txt')
    RedirectStandardError = [System.IO.Path]::Combine($Folder, 'errors.txt')
    PassThru = $true
    NoNewWindow = $true
}
if ($arguments -ne '') { $how['ArgumentList'] = $arguments }
$process = Start-Process @how
# Without it the exit code is not kept.
$handle = $process.Handle
if ($process.WaitForExit([int]$given.timeoutMs)) {
    $result = @{ ok = $true; exitCode = [int]$process.ExitCode; message = '' }
} else {
    $process.Kill()
    $result = @{ ok = $false; message = 'It was ended: its time was over.' }
}
