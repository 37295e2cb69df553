# Waits until a program is started or something is written where things start from. What is listened to stays listened to
# between two calls, so that nothing in between is missed.
# https://learn.microsoft.com/powershell/module/cimcmdlets/register-cimindicationevent
# https://learn.microsoft.com/previous-versions/windows/desktop/krnlprov/win32-processstarttrace
param(
    [Parameter(Mandatory = $true)] [int] $WaitSeconds
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$known = @(Get-EventSubscriber -ErrorAction SilentlyContinue | ForEach-Object -Process { [string]$_.SourceIdentifier })
if ($known -notcontains 'tourniquet-process') {
    Register-CimIndicationEvent -ClassName Win32_ProcessStartTrace -SourceIdentifier 'tourniquet-process'
    $folders = @(
        [System.IO.Path]::Combine($env:SystemRoot, 'System32\Tasks'),
        [System.IO.Path]::Combine($env:SystemRoot, 'System32\drivers\etc'),
        [System.IO.Path]::Combine($env:ProgramData, 'Microsoft\Windows\Start Menu\Programs\StartUp')
    )
    for ($at = 0; $at -lt $folders.Count; $at += 1) {
        if ([System.IO.Directory]::Exists($folders[$at])) {
            $watcher = New-Object -TypeName System.IO.FileSystemWatcher -ArgumentList $folders[$at]
            $watcher.IncludeSubdirectories = $true
            foreach ($kind in @('Created', 'Changed', 'Renamed')) {
                Register-ObjectEvent -InputObject $watcher -EventName $kind -SourceIdentifier ('tourniquet-file-' + [string]$at + '-' + $kind)
            }
            $watcher.EnableRaisingEvents = $true
        }
    }
}
$first = Wait-Event -Timeout $WaitSeconds
# What belongs together comes within a moment.
if ($null -ne $first) { Start-Sleep -Milliseconds 500 }
foreach ($one in @(Get-Event)) {
    Remove-Event -EventIdentifier $one.EventIdentifier
    if ([string]$one.SourceIdentifier -eq 'tourniquet-process') {
        $told = $one.SourceEventArgs.NewEvent
        [pscustomobject]@{ kind = 'process'; pid = [int]$told.ProcessID; name = [string]$told.ProcessName; path = '' }
    } else {
        [pscustomobject]@{ kind = 'file'; pid = 0; name = ''; path = [string]$one.SourceEventArgs.FullPath }
    }
}
