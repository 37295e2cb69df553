# A service as it is set and as it runs.
param(
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($service in Get-CimInstance -ClassName Win32_Service) {
    if ($service.Name -eq $Name) {
        $library = ''
        $parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\' + $service.Name + '\Parameters'
        $key = Get-Item -LiteralPath $parameters -ErrorAction SilentlyContinue
        if ($null -ne $key) { $library = [string]$key.GetValue('ServiceDll') }
        [pscustomobject]@{
            name = [string]$service.Name
            pathName = [string]$service.PathName
            library = $library
            startMode = [string]$service.StartMode
            state = [string]$service.State
            pid = [int]$service.ProcessId
        }
    }
}
