# A value of the registry, unexpanded, with its type.
param(
    [Parameter(Mandatory = $true)] [string] $Key,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$item = Get-Item -LiteralPath ('Registry::' + $Key) -ErrorAction SilentlyContinue
if ($null -ne $item -and @($item.GetValueNames()) -contains $Name) {
    [pscustomobject]@{
        data = [string]$item.GetValue($Name)
        raw = [string]$item.GetValue($Name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
        kind = [string]$item.GetValueKind($Name)
    }
}
