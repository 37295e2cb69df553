# Cuts the host off from all of these ranges, both ways. What takes it back is set up first: a task of the scheduler's,
# which does not need us, our PowerShell or a session to be there. A rule that blocks goes before one that allows.
# https://learn.microsoft.com/powershell/module/scheduledtasks/register-scheduledtask
param(
    [Parameter(Mandatory = $true)] [string[]] $Range,
    [Parameter(Mandatory = $true)] [int] $Seconds
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ($Seconds -gt 0) {
    $action = New-ScheduledTaskAction -Execute '%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe' -Argument '-NoLogo -NoProfile -NonInteractive -Command "Remove-NetFirewallRule -Group tourniquet-isolation; Unregister-ScheduledTask -TaskName tourniquet-isolation-revert -Confirm:$false"'
    $trigger = New-ScheduledTaskTrigger -Once -At ([DateTime]::Now.AddSeconds($Seconds))
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -StartWhenAvailable
    $null = Register-ScheduledTask -TaskName 'tourniquet-isolation-revert' -Action $action -Trigger $trigger -Settings $settings -User 'SYSTEM' -RunLevel Highest -Force
}
foreach ($direction in @('Inbound', 'Outbound')) {
    $own = 'tourniquet-isolation-' + $direction
    Remove-NetFirewallRule -Name $own -ErrorAction SilentlyContinue
    $null = New-NetFirewallRule -Name $own -DisplayName $own -Group 'tourniquet-isolation' -Direction $direction -Action Block -Profile Any -Enabled True -RemoteAddress $Range
}
[pscustomobject]@{ name = 'tourniquet-isolation' }
