# A scheduled task as it is.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($task in Get-ScheduledTask) {
    if ($task.TaskPath -eq $Path -and $task.TaskName -eq $Name) {
        [pscustomobject]@{
            isInForce = ([string]$task.State -ne 'Disabled')
            kept = [string](Export-ScheduledTask -TaskPath $Path -TaskName $Name)
        }
    }
}
