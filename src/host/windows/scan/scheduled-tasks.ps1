# Tasks with what they start; and those that the registry has and the scheduler does not list: without their security
# descriptor (SD) the scheduler hides them and starts them all the same.
# https://learn.microsoft.com/powershell/module/scheduledtasks/get-scheduledtask
# https://www.microsoft.com/security/blog/2022/04/12/tarrask-malware-uses-scheduled-tasks-for-defense-evasion/
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$listed = @{}
foreach ($task in Get-ScheduledTask) {
    $full = [string]$task.TaskPath + [string]$task.TaskName
    $listed[$full] = $true
    $actions = @()
    foreach ($action in $task.Actions) {
        $names = @($action.PSObject.Properties | ForEach-Object -Process { $_.Name })
        if ($names -contains 'Execute') {
            $actions += @{
                kind = 'exec'
                execute = [System.Environment]::ExpandEnvironmentVariables([string]$action.Execute)
                arguments = [string]$action.Arguments
                folder = [string]$action.WorkingDirectory
            }
        } else {
            $class = ''
            if ($names -contains 'ClassId') { $class = [string]$action.ClassId }
            $actions += @{ kind = 'other'; execute = $class; arguments = ''; folder = '' }
        }
    }
    [pscustomobject]@{
        path = [string]$task.TaskPath
        name = [string]$task.TaskName
        state = [string]$task.State
        author = [string]$task.Author
        user = [string]$task.Principal.UserId
        isHiddenFlag = [bool]$task.Settings.Hidden
        isListed = $true
        hasDescriptor = $true
        actions = @($actions)
    }
}
$root = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree'
foreach ($key in Get-ChildItem -LiteralPath $root -Recurse -ErrorAction SilentlyContinue) {
    $names = @($key.GetValueNames())
    if ($names -contains 'Id') {
        $full = $key.Name.Substring($key.Name.IndexOf('\TaskCache\Tree\') + 15)
        $hasDescriptor = $names -contains 'SD'
        if (-not $listed.ContainsKey($full) -or -not $hasDescriptor) {
            $cut = $full.LastIndexOf('\') + 1
            $actions = @()
            # Its definition lies in a file as well, which hiding it does not take away.
            $file = [System.IO.Path]::Combine($env:SystemRoot, 'System32\Tasks') + $full
            if ([System.IO.File]::Exists($file)) {
                try {
                    $definition = New-Object -TypeName System.Xml.XmlDocument
                    $definition.Load($file)
                    foreach ($exec in $definition.GetElementsByTagName('Exec')) {
                        $part = @{ Command = ''; Arguments = ''; WorkingDirectory = '' }
                        foreach ($node in $exec.ChildNodes) {
                            if ($part.ContainsKey([string]$node.LocalName)) { $part[[string]$node.LocalName] = [string]$node.InnerText }
                        }
                        $actions += @{
                            kind = 'exec'
                            execute = [System.Environment]::ExpandEnvironmentVariables($part.Command)
                            arguments = $part.Arguments
                            folder = $part.WorkingDirectory
                        }
                    }
                } catch {
                    $actions = @()
                }
            }
            [pscustomobject]@{
                path = $full.Substring(0, $cut)
                name = $full.Substring($cut)
                state = 'Unknown'
                author = ''
                user = ''
                isHiddenFlag = $false
                isListed = $listed.ContainsKey($full)
                hasDescriptor = $hasDescriptor
                actions = @($actions)
            }
        }
    }
}
