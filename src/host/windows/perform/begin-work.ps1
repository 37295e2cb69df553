# Begins work that goes on without us, as SYSTEM: a task of the scheduler's runs one of our own scripts from the folder of
# the incident, which only SYSTEM and administrators get into. What it is told lies beside it. Begun once, it is not begun again.
# https://learn.microsoft.com/powershell/module/scheduledtasks/register-scheduledtask
param(
    [Parameter(Mandatory = $true)] [string] $Folder,
    [Parameter(Mandatory = $true)] [string] $Worker,
    [Parameter(Mandatory = $true)] [string] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ([System.IO.Directory]::Exists($Folder)) {
    [pscustomobject]@{ status = 'there' }
} else {
    $null = New-Item -ItemType Directory -Path $Folder
    $utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $true
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'worker.ps1'), $Worker, $utf8)
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'given.json'), $Given, $utf8)
    # The task is always the same; where its work lies stands in a file that nobody else can write.
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($env:ProgramData, 'tourniquet\work.txt'), $Folder, $utf8)
    $action = New-ScheduledTaskAction -Execute '%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe' -Argument '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command "$at = [System.IO.File]::ReadAllText($env:ProgramData + ''\tourniquet\work.txt''); & ($at + ''\worker.ps1'') -Folder $at"'
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    $null = Register-ScheduledTask -TaskName 'tourniquet-work' -Action $action -Settings $settings -User 'SYSTEM' -RunLevel Highest -Force
    Start-ScheduledTask -TaskName 'tourniquet-work'
    $status = 'not-begun'
    $started = [System.IO.Path]::Combine($Folder, 'started')
    for ($turn = 0; $turn -lt 100 -and $status -ne 'begun'; $turn += 1) {
        if ([System.IO.File]::Exists($started)) { $status = 'begun' } else { Start-Sleep -Milliseconds 200 }
    }
    # Taken away, what it has started goes on: https://learn.microsoft.com/windows-server/administration/windows-commands/schtasks-delete
    Unregister-ScheduledTask -TaskName 'tourniquet-work' -Confirm:$false
    [pscustomobject]@{ status = $status }
}
