# What Defender is told to pass over, and what of it is switched off.
# https://learn.microsoft.com/powershell/module/defender/get-mppreference and get-mpcomputerstatus
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$set = Get-MpPreference
$status = Get-MpComputerStatus
[pscustomobject]@{
    exclusionPath = @($set.ExclusionPath | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { [string]$_ })
    exclusionProcess = @($set.ExclusionProcess | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { [string]$_ })
    exclusionExtension = @($set.ExclusionExtension | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { [string]$_ })
    switchedOff = @(
        if ($set.DisableRealtimeMonitoring) { 'DisableRealtimeMonitoring' }
        if ($set.DisableBehaviorMonitoring) { 'DisableBehaviorMonitoring' }
        if ($set.DisableIOAVProtection) { 'DisableIOAVProtection' }
        if ($set.DisableScriptScanning) { 'DisableScriptScanning' }
    )
    isRunning = [bool]$status.AMServiceEnabled
    mode = [string]$status.AMRunningMode
}
