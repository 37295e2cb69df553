# Logs a session off, with all that runs in it. The handle of its winlogon is held while it is compared: the number of a
# session can pass on as that of a process can.
# https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtslogoffsession
param(
    [Parameter(Mandatory = $true)] [int] $Leader,
    [Parameter(Mandatory = $true)] [string] $Created
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Add-Type -Namespace Tourniquet -Name LogOff -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("wtsapi32.dll", SetLastError = true)]
public static extern bool WTSLogoffSession(System.IntPtr server, int session, bool wait);
'@
$status = 'gone'
$process = Get-Process -Id $Leader -ErrorAction SilentlyContinue
if ($null -ne $process) {
    $handle = $process.Handle
    $status = 'another'
    foreach ($one in Get-CimInstance -ClassName Win32_Process) {
        if ([int]$one.ProcessId -eq $Leader -and [string]$one.CreationDate.ToFileTimeUtc() -eq $Created) {
            $session = [int]$one.SessionId
            if ($session -eq [System.Diagnostics.Process]::GetCurrentProcess().SessionId) { throw 'It is the session that this runs in.' }
            if (-not [Tourniquet.LogOff]::WTSLogoffSession([System.IntPtr]::Zero, $session, $true)) {
                throw 'Windows did not log the session off (error ' + [string][System.Runtime.InteropServices.Marshal]::GetLastWin32Error() + ').'
            }
            $status = 'done'
        }
    }
}
[pscustomobject]@{ status = $status }
