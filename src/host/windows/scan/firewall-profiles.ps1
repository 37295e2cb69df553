# Whether the firewall is on, for each kind of network. https://learn.microsoft.com/powershell/module/netsecurity/get-netfirewallprofile
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($kind in Get-NetFirewallProfile -PolicyStore ActiveStore) {
    [pscustomobject]@{
        name = [string]$kind.Name
        enabled = [string]$kind.Enabled
        inbound = [string]$kind.DefaultInboundAction
        outbound = [string]$kind.DefaultOutboundAction
        localRules = [string]$kind.AllowLocalFirewallRules
    }
}
