# Who talks to whom. https://learn.microsoft.com/powershell/module/nettcpip/get-nettcpconnection
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$listening = @{}
$all = @(Get-NetTCPConnection)
foreach ($connection in $all) {
    if ([string]$connection.State -eq 'Listen') { $listening[[int]$connection.LocalPort] = $true }
}
foreach ($connection in $all) {
    if ([string]$connection.State -ne 'Listen' -and [string]$connection.State -ne 'Bound') {
        [pscustomobject]@{
            pid = [int]$connection.OwningProcess
            localAddress = [string]$connection.LocalAddress
            localPort = [int]$connection.LocalPort
            remoteAddress = [string]$connection.RemoteAddress
            remotePort = [int]$connection.RemotePort
            state = [string]$connection.State
            isIncoming = $listening.ContainsKey([int]$connection.LocalPort)
        }
    }
}
