# What all work as SYSTEM has around it: it is told by a file that is gone then, says that it began, what came of it, and that
# it ended, whatever happens. The work is put before `catch` (scripts.ts): it is given $Folder and $given, and sets $result.
param(
    [Parameter(Mandatory = $true)] [string] $Folder
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'started'), '')
$result = @{ ok = $false; message = 'It did not come to its end.' }
try {
    $path = [System.IO.Path]::Combine($Folder, 'given.json')
    $given = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText($path))
    [System.IO.File]::Delete($path)
} catch {
    $result = @{ ok = $false; message = [string]$_.Exception.Message }
}
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'result.json'), (ConvertTo-Json -InputObject $result -Depth 6 -Compress))
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($Folder, 'ended'), '')
