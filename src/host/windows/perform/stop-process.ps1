# Ends one process. The handle comes first: while it is held its number cannot pass on, so that what is compared is ended.
param(
    [Parameter(Mandatory = $true)] [int] $Id,
    [Parameter(Mandatory = $true)] [string] $Created
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$status = 'gone'
$process = Get-Process -Id $Id -ErrorAction SilentlyContinue
if ($null -ne $process) {
    $handle = $process.Handle
    $status = 'another'
    foreach ($one in Get-CimInstance -ClassName Win32_Process) {
        if ([int]$one.ProcessId -eq $Id -and [string]$one.CreationDate.ToFileTimeUtc() -eq $Created) {
            $process.Kill()
            $status = 'still-there'
            if ($process.WaitForExit(10000)) { $status = 'done' }
        }
    }
}
[pscustomobject]@{ pid = $Id; status = $status }
