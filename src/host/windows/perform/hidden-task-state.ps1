# What the scheduler's registry has of a task, whole: its place in the tree and its definition, with each value's kind.
param(
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$root = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache'
$tree = Get-Item -LiteralPath ('Registry::' + $root + '\Tree' + $Name) -ErrorAction SilentlyContinue
if ($null -ne $tree) {
    $id = [string]$tree.GetValue('Id')
    $keys = @()
    foreach ($place in @(($root + '\Tree' + $Name), ($root + '\Tasks\' + $id), ($root + '\Plain\' + $id), ($root + '\Logon\' + $id), ($root + '\Boot\' + $id))) {
        $key = $null
        if ($id -match '^\{[0-9A-Fa-f-]{36}\}$' -or $place.EndsWith($Name)) { $key = Get-Item -LiteralPath ('Registry::' + $place) -ErrorAction SilentlyContinue }
        if ($null -ne $key) {
            $values = @()
            foreach ($value in $key.GetValueNames()) {
                $kind = [string]$key.GetValueKind($value)
                $data = $key.GetValue($value, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
                if ($kind -eq 'Binary') { $data = [System.Convert]::ToBase64String([byte[]]$data) }
                $values += @{ name = [string]$value; kind = $kind; data = [string]$data }
            }
            $keys += @{ path = $place; values = @($values) }
        }
    }
    [pscustomobject]@{ id = $id; keys = @($keys) }
}
