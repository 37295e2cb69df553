# Processes by their numbers, with what tells one from a later one of the same number, and whether all threads stand still.
# https://learn.microsoft.com/dotnet/api/system.diagnostics.threadwaitreason
param(
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [int[]] $Id
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$services = @{}
foreach ($service in Get-CimInstance -ClassName Win32_Service) {
    if ($service.ProcessId -gt 0) { $services[[int]$service.ProcessId] = [string]$service.Name }
}
foreach ($process in Get-CimInstance -ClassName Win32_Process) {
    if ($Id -contains [int]$process.ProcessId -and $null -ne $process.CreationDate) {
        $running = 0
        $threads = 0
        $net = Get-Process -Id ([int]$process.ProcessId) -ErrorAction SilentlyContinue
        if ($null -ne $net) {
            foreach ($thread in $net.Threads) {
                $threads += 1
                if ([string]$thread.ThreadState -ne 'Wait' -or [string]$thread.WaitReason -ne 'Suspended') { $running += 1 }
            }
        }
        $service = ''
        if ($services.ContainsKey([int]$process.ProcessId)) { $service = $services[[int]$process.ProcessId] }
        [pscustomobject]@{
            pid = [int]$process.ProcessId
            created = [string]$process.CreationDate.ToFileTimeUtc()
            name = [string]$process.Name
            path = [string]$process.ExecutablePath
            commandLine = [string]$process.CommandLine
            parentPid = [int]$process.ParentProcessId
            service = $service
            isSuspended = ($threads -gt 0 -and $running -eq 0)
        }
    }
}
