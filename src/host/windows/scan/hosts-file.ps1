# The hosts file, where the registry says that it is (DataBasePath), as bytes.
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$settings = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters' -Name DataBasePath
$folder = [System.Environment]::ExpandEnvironmentVariables([string]$settings.DataBasePath)
$path = [System.IO.Path]::Combine($folder, 'hosts')
if ([System.IO.File]::Exists($path)) {
    [pscustomobject]@{
        path = $path
        bytes = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($path))
        isUsualPlace = ($folder -eq [System.IO.Path]::Combine($env:SystemRoot, 'System32\drivers\etc'))
    }
}
