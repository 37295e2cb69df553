# Writes the memory of a process into a file of ours, unless it is more than is allowed. The handle comes first: while it is
# held its number cannot pass on.
# https://learn.microsoft.com/windows/win32/api/minidumpapiset/nf-minidumpapiset-minidumpwritedump
param(
    [Parameter(Mandatory = $true)] [int] $Id,
    [Parameter(Mandatory = $true)] [string] $Created,
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [long] $Most
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Add-Type -Namespace Tourniquet -Name Memory -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("dbghelp.dll", SetLastError = true)]
public static extern bool MiniDumpWriteDump(System.IntPtr process, uint id, System.IntPtr file, int kind, System.IntPtr exception, System.IntPtr user, System.IntPtr callback);
'@
$status = 'gone'
$process = Get-Process -Id $Id -ErrorAction SilentlyContinue
if ($null -ne $process) {
    $handle = $process.Handle
    $status = 'another'
    foreach ($one in Get-CimInstance -ClassName Win32_Process) {
        if ([int]$one.ProcessId -eq $Id -and [string]$one.CreationDate.ToFileTimeUtc() -eq $Created) {
            $status = 'too-large'
            if ([long]$process.PrivateMemorySize64 -le $Most) {
                $stream = [System.IO.File]::Open($Path, [System.IO.FileMode]::Create, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
                try {
                    # MiniDumpWithFullMemory is 2: https://learn.microsoft.com/windows/win32/api/minidumpapiset/ne-minidumpapiset-minidump_type
                    $isWritten = [Tourniquet.Memory]::MiniDumpWriteDump($handle, [uint32]$Id, $stream.SafeFileHandle.DangerousGetHandle(), 2, [System.IntPtr]::Zero, [System.IntPtr]::Zero, [System.IntPtr]::Zero)
                    $code = [System.Runtime.InteropServices.Marshal]::GetLastWin32Error()
                } finally {
                    $stream.Dispose()
                }
                $status = 'done'
                if (-not $isWritten) {
                    [System.IO.File]::Delete($Path)
                    $status = 'failed with error ' + [string]$code
                }
            }
        }
    }
}
[pscustomobject]@{ status = $status }
