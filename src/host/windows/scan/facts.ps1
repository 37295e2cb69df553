# What is known of this machine, and where the responder sits.
# https://learn.microsoft.com/windows/win32/cimwin32prov/win32-operatingsystem and win32-process
param(
    [Parameter(Mandatory = $true)] [int] $OwnPid
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$computer = Get-CimInstance -ClassName Win32_ComputerSystem
$all = @(Get-CimInstance -ClassName Win32_Process)
$byId = @{}
foreach ($process in $all) { $byId[[int]$process.ProcessId] = $process }
# The chain upwards; a parent that began after its child has only got the number of the real one.
$chain = New-Object -TypeName 'System.Collections.Generic.List[int]'
$chain.Add([int]$PID)
$at = $OwnPid
while ($at -gt 0 -and $byId.ContainsKey($at) -and -not $chain.Contains($at)) {
    $chain.Add($at)
    $parent = [int]$byId[$at].ParentProcessId
    if (-not $byId.ContainsKey($parent) -or $byId[$parent].CreationDate -gt $byId[$at].CreationDate) { break }
    $at = $parent
}
$peers = @(Get-NetTCPConnection -State Established -ErrorAction SilentlyContinue |
    Where-Object -FilterScript { $chain.Contains([int]$_.OwningProcess) -and $_.LocalPort -lt $_.RemotePort } |
    ForEach-Object -Process { @{ address = [string]$_.RemoteAddress; port = [int]$_.RemotePort; localPort = [int]$_.LocalPort } })
# Over Remote Desktop the connection belongs to a service, not to the chain. What the client says of its own address is not
# to be trusted (it may sit behind NAT), so the address is that of the only connection there is; of several none is named.
# https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wts_client_address
Add-Type -Namespace Tourniquet -Name OwnSession -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("wtsapi32.dll", SetLastError = true)]
public static extern bool WTSQuerySessionInformationW(System.IntPtr server, int session, int kind, out System.IntPtr buffer, out int bytes);
[System.Runtime.InteropServices.DllImport("wtsapi32.dll")]
public static extern void WTSFreeMemory(System.IntPtr memory);
'@
$sessionId = [System.Diagnostics.Process]::GetCurrentProcess().SessionId
$isRemoteDesktop = $false
$buffer = [System.IntPtr]::Zero
$size = 0
# WTSClientProtocolType is 16, and 2 is RDP: https://learn.microsoft.com/windows/win32/api/wtsapi32/ne-wtsapi32-wts_info_class
if ($sessionId -gt 0 -and [Tourniquet.OwnSession]::WTSQuerySessionInformationW([System.IntPtr]::Zero, $sessionId, 16, [ref]$buffer, [ref]$size)) {
    $isRemoteDesktop = ([System.Runtime.InteropServices.Marshal]::ReadInt16($buffer) -eq 2)
    [Tourniquet.OwnSession]::WTSFreeMemory($buffer)
}
$desktops = 0
if ($isRemoteDesktop -and $peers.Count -eq 0) {
    $listener = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
    $port = [int]$listener.GetValue('PortNumber', 3389)
    $through = @(Get-NetTCPConnection -State Established -ErrorAction SilentlyContinue |
        Where-Object -FilterScript { [int]$_.LocalPort -eq $port } |
        ForEach-Object -Process { @{ address = [string]$_.RemoteAddress; port = [int]$_.RemotePort; localPort = [int]$_.LocalPort } })
    $desktops = $through.Count
    if ($through.Count -eq 1) { $peers = $through }
}
# The session manager is started once a boot, by the kernel.
$first = $all | Where-Object -FilterScript { $_.Name -eq 'smss.exe' -and $_.ParentProcessId -eq 4 } |
    Sort-Object -Property CreationDate | Select-Object -First 1
$began = $system.LastBootUpTime
if ($null -ne $first) { $began = $first.CreationDate }
$identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity
[pscustomobject]@{
    hostname = [string]$computer.Name
    caption = [string]$system.Caption
    version = [string]$system.Version
    architecture = [string]$system.OSArchitecture
    boot = [string]$began.ToFileTimeUtc()
    upSeconds = [int]([DateTime]::Now - $system.LastBootUpTime).TotalSeconds
    cores = [int]$computer.NumberOfLogicalProcessors
    memoryBytes = [string]$computer.TotalPhysicalMemory
    isElevated = $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
    account = [string]$identity.Name
    rid = [int]$identity.User.Value.Substring($identity.User.Value.LastIndexOf('-') + 1)
    hypervisorPresent = [bool]$computer.HypervisorPresent
    model = [string]$computer.Model
    protectedPids = @($chain)
    peers = @($peers)
    desktops = $desktops
    hasFirewall = ($null -ne (Get-Command -Name New-NetFirewallRule -ErrorAction SilentlyContinue))
}
