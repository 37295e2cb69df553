# Takes a value of the registry away, if it reads as planned; or writes it again, if there is none.
param(
    [Parameter(Mandatory = $true)] [string] $Key,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Name,
    [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Raw,
    [Parameter(Mandatory = $true)] [string] $Kind,
    [Parameter(Mandatory = $true)] [bool] $Remove
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$path = 'Registry::' + $Key
$item = Get-Item -LiteralPath $path
$there = @($item.GetValueNames()) -contains $Name
if ($Remove) {
    $now = [string]$item.GetValue($Name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    if (-not $there -or $now -cne $Raw) { throw 'The value is not the one that was planned for.' }
    Remove-ItemProperty -LiteralPath $path -Name $Name
} else {
    if ($there) { throw 'There is a value of that name again: look at it first.' }
    $null = New-ItemProperty -LiteralPath $path -Name $Name -Value $Raw -PropertyType $Kind
}
[pscustomobject]@{ name = $Name }
