# Takes the task away that would take the isolation back.
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($task in Get-ScheduledTask) {
    if ($task.TaskPath -eq '\' -and $task.TaskName -eq 'tourniquet-isolation-revert') {
        Unregister-ScheduledTask -InputObject $task -Confirm:$false
    }
}
[pscustomobject]@{ name = 'tourniquet-isolation' }
