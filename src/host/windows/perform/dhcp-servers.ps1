# Servers without which the host would lose its address, and with it everybody's line to it; and those for names.
# https://learn.microsoft.com/windows/win32/cimwin32prov/win32-networkadapterconfiguration
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($adapter in Get-CimInstance -ClassName Win32_NetworkAdapterConfiguration) {
    if ($adapter.IPEnabled) {
        $dhcp = ''
        if ($adapter.DHCPEnabled) { $dhcp = [string]$adapter.DHCPServer }
        [pscustomobject]@{
            dhcp = $dhcp
            names = @($adapter.DNSServerSearchOrder | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { [string]$_ })
        }
    }
}
