# Rules of our own against some addresses, both ways. A rule that blocks goes before one that allows.
# https://learn.microsoft.com/powershell/module/netsecurity/new-netfirewallrule
param(
    [Parameter(Mandatory = $true)] [string] $Name,
    [Parameter(Mandatory = $true)] [string] $Group,
    [Parameter(Mandatory = $true)] [string[]] $Address
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($direction in @('Inbound', 'Outbound')) {
    $own = $Name + '-' + $direction
    if ($null -eq (Get-NetFirewallRule -Name $own -ErrorAction SilentlyContinue)) {
        $null = New-NetFirewallRule -Name $own -DisplayName $own -Group $Group -Direction $direction -Action Block -Profile Any -Enabled True -RemoteAddress $Address
    }
    [pscustomobject]@{ name = $own }
}
