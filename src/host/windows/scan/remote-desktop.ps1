# Whether Remote Desktop lets in, and whom it asks for a password before it shows them anything.
# https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/microsoft-windows-terminalservices-localsessionmanager-fdenytsconnections
# https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/microsoft-windows-terminalservices-rdp-winstationextensions-userauthentication
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$server = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
$listener = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
[pscustomobject]@{
    isOn = ([int]$server.GetValue('fDenyTSConnections', 1) -eq 0)
    asksFirst = ([int]$listener.GetValue('UserAuthentication', 0) -eq 1)
    port = [int]$listener.GetValue('PortNumber', 3389)
}
