# Lets all threads of processes stand still in one pass, or go on. What a handle is held of keeps its number: after the
# time of creation was compared, it is the one that was planned for. Windows has no documented call for a whole process;
# NtSuspendProcess is what its own Process Explorer uses.
param(
    [Parameter(Mandatory = $true)] [int[]] $Id,
    [Parameter(Mandatory = $true)] [string[]] $Created,
    [Parameter(Mandatory = $true)] [bool] $Resume
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Add-Type -Namespace Tourniquet -Name Threads -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("ntdll.dll")]
public static extern int NtSuspendProcess(System.IntPtr handle);
[System.Runtime.InteropServices.DllImport("ntdll.dll")]
public static extern int NtResumeProcess(System.IntPtr handle);
'@
$held = @{}
foreach ($one in $Id) {
    $process = Get-Process -Id $one -ErrorAction SilentlyContinue
    if ($null -ne $process) { $held[$one] = @{ process = $process; handle = $process.Handle } }
}
$now = @{}
foreach ($process in Get-CimInstance -ClassName Win32_Process) {
    if ($null -ne $process.CreationDate) {
        $now[[int]$process.ProcessId] = [string]$process.CreationDate.ToFileTimeUtc()
    }
}
for ($at = 0; $at -lt $Id.Length; $at += 1) {
    $one = $Id[$at]
    $status = 'gone'
    if ($held.ContainsKey($one) -and $now.ContainsKey($one)) {
        $status = 'another'
        if ($now[$one] -eq $Created[$at]) {
            if ($Resume) {
                $code = [Tourniquet.Threads]::NtResumeProcess($held[$one].handle)
            } else {
                $code = [Tourniquet.Threads]::NtSuspendProcess($held[$one].handle)
            }
            $status = 'done'
            if ($code -ne 0) { $status = 'failed with status ' + [string]$code }
        }
    }
    [pscustomobject]@{ pid = $one; status = $status }
}
