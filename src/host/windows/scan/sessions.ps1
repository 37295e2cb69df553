# Who is logged on at the console or over Remote Desktop. A session is known by its winlogon, which begins and ends with it.
# https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsquerysessioninformationw
# https://learn.microsoft.com/windows/win32/api/wtsapi32/ne-wtsapi32-wts_info_class
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Add-Type -Namespace Tourniquet -Name Sessions -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("wtsapi32.dll", SetLastError = true)]
static extern bool WTSQuerySessionInformationW(System.IntPtr server, int session, int kind, out System.IntPtr buffer, out int bytes);
[System.Runtime.InteropServices.DllImport("wtsapi32.dll")]
static extern void WTSFreeMemory(System.IntPtr memory);
public static string Text(int session, int kind) {
    System.IntPtr buffer;
    int bytes;
    if (!WTSQuerySessionInformationW(System.IntPtr.Zero, session, kind, out buffer, out bytes)) { return ""; }
    try { return System.Runtime.InteropServices.Marshal.PtrToStringUni(buffer); } finally { WTSFreeMemory(buffer); }
}
public static int Number(int session, int kind, bool isShort) {
    System.IntPtr buffer;
    int bytes;
    if (!WTSQuerySessionInformationW(System.IntPtr.Zero, session, kind, out buffer, out bytes)) { return -1; }
    try {
        return isShort ? System.Runtime.InteropServices.Marshal.ReadInt16(buffer) : System.Runtime.InteropServices.Marshal.ReadInt32(buffer);
    } finally { WTSFreeMemory(buffer); }
}
'@
$own = [System.Diagnostics.Process]::GetCurrentProcess().SessionId
foreach ($process in Get-CimInstance -ClassName Win32_Process) {
    if ($process.Name -eq 'winlogon.exe' -and $null -ne $process.CreationDate) {
        $session = [int]$process.SessionId
        $user = [string][Tourniquet.Sessions]::Text($session, 5)
        # Somebody may look at the log-on screen without having logged on.
        if ($user -ne '') {
            [pscustomobject]@{
                id = $session
                account = ([string][Tourniquet.Sessions]::Text($session, 7)) + '\' + $user
                isActive = ([Tourniquet.Sessions]::Number($session, 8, $false) -eq 0)
                isRemote = ([Tourniquet.Sessions]::Number($session, 16, $true) -eq 2)
                client = [string][Tourniquet.Sessions]::Text($session, 10)
                leaderPid = [int]$process.ProcessId
                leaderCreated = [string]$process.CreationDate.ToFileTimeUtc()
                isOwn = ($session -eq $own)
            }
        }
    }
}
