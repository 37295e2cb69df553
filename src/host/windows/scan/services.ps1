# Services and drivers of the user's kind with their programs. https://learn.microsoft.com/windows/win32/cimwin32prov/win32-service
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($service in Get-CimInstance -ClassName Win32_Service) {
    $library = ''
    $parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\' + $service.Name + '\Parameters'
    $key = Get-Item -LiteralPath $parameters -ErrorAction SilentlyContinue
    if ($null -ne $key) { $library = [string]$key.GetValue('ServiceDll') }
    [pscustomobject]@{
        name = [string]$service.Name
        displayName = [string]$service.DisplayName
        pathName = [string]$service.PathName
        library = $library
        startMode = [string]$service.StartMode
        state = [string]$service.State
        account = [string]$service.StartName
        pid = [int]$service.ProcessId
    }
}
