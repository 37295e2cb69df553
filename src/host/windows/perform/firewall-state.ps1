# Rules of ours, with what they block, and whether the firewall that holds them is on.
param(
    [Parameter(Mandatory = $true)] [string] $Group
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore)
$off = @($profiles | Where-Object -FilterScript { [string]$_.Enabled -ne 'True' } | ForEach-Object -Process { [string]$_.Name })
$foreign = @($profiles | Where-Object -FilterScript { [string]$_.AllowLocalFirewallRules -eq 'False' } | ForEach-Object -Process { [string]$_.Name })
$rules = @()
foreach ($rule in Get-NetFirewallRule -Group $Group -ErrorAction SilentlyContinue) {
    $addresses = @((Get-NetFirewallAddressFilter -AssociatedNetFirewallRule $rule).RemoteAddress | ForEach-Object -Process { [string]$_ })
    $rules += @{
        name = [string]$rule.Name
        direction = [string]$rule.Direction
        action = [string]$rule.Action
        enabled = [string]$rule.Enabled
        addresses = $addresses
    }
}
[pscustomobject]@{ profilesOff = $off; profilesOfPolicy = $foreign; rules = @($rules) }
