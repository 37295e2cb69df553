# A service as it is set and as it runs.
param(
    [Parameter(Mandatory = $true)] [string] $Name
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($service in Get-CimInstance -ClassName Win32_Service) {
    if ($service.Name -eq $Name) {
        [pscustomobject]@{
            name = [string]$service.Name
            pathName = [string]$service.PathName
            startMode = [string]$service.StartMode
            state = [string]$service.State
            pid = [int]$service.ProcessId
        }
    }
}
