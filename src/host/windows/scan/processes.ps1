# Processes with their share of one core between two samples.
# KernelModeTime and UserModeTime count 100 ns: https://learn.microsoft.com/windows/win32/cimwin32prov/win32-process
param(
    [Parameter(Mandatory = $true)] [int] $SampleMs
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$before = @{}
$clock = [System.Diagnostics.Stopwatch]::StartNew()
foreach ($process in Get-CimInstance -ClassName Win32_Process) {
    $key = '{0} {1}' -f $process.ProcessId, $process.CreationDate
    $before[$key] = [double]$process.KernelModeTime + [double]$process.UserModeTime
}
$fromMs = $clock.Elapsed.TotalMilliseconds
if ($SampleMs -gt 0) { Start-Sleep -Milliseconds $SampleMs }
$all = @(Get-CimInstance -ClassName Win32_Process)
$spanMs = $clock.Elapsed.TotalMilliseconds - $fromMs
$signatures = @{}
foreach ($process in $all) {
    $path = [string]$process.ExecutablePath
    if ($path -ne '' -and -not $signatures.ContainsKey($path)) {
        $signatures[$path] = @{ status = 'Unknown'; signer = '' }
        try {
            $signature = Get-AuthenticodeSignature -LiteralPath $path
            $signer = ''
            if ($null -ne $signature.SignerCertificate) { $signer = [string]$signature.SignerCertificate.Subject }
            $signatures[$path] = @{ status = [string]$signature.Status; signer = $signer }
        } catch {
            $signatures[$path] = @{ status = 'Unreadable'; signer = '' }
        }
    }
}
foreach ($process in $all) {
    $key = '{0} {1}' -f $process.ProcessId, $process.CreationDate
    $percent = $null
    if ($SampleMs -gt 0 -and $before.ContainsKey($key)) {
        $used = ([double]$process.KernelModeTime + [double]$process.UserModeTime) - $before[$key]
        $percent = [Math]::Round($used / 10000 / $spanMs * 100, 1)
    }
    $path = [string]$process.ExecutablePath
    $status = ''
    $signer = ''
    if ($signatures.ContainsKey($path)) {
        $status = $signatures[$path].status
        $signer = $signatures[$path].signer
    }
    $owner = $null
    try {
        $answer = Invoke-CimMethod -InputObject $process -MethodName GetOwner
        if ($answer.ReturnValue -eq 0) { $owner = '{0}\{1}' -f $answer.Domain, $answer.User }
    } catch {
        $owner = $null
    }
    $created = $null
    if ($null -ne $process.CreationDate) { $created = [string]$process.CreationDate.ToFileTimeUtc() }
    [pscustomobject]@{
        pid = [int]$process.ProcessId
        parentPid = [int]$process.ParentProcessId
        created = $created
        name = [string]$process.Name
        path = $path
        commandLine = [string]$process.CommandLine
        sessionId = [int]$process.SessionId
        owner = $owner
        cpuPercent = $percent
        signature = $status
        signer = $signer
    }
}
