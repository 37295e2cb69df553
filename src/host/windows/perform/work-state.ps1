# How far work is, and what it has said since. It has ended when the file `ended` is there.
param(
    [Parameter(Mandatory = $true)] [string] $Folder,
    [Parameter(Mandatory = $true)] [long] $Offset,
    [Parameter(Mandatory = $true)] [long] $ErrorOffset
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
$ended = [System.IO.File]::Exists([System.IO.Path]::Combine($Folder, 'ended'))
$said = @{}
foreach ($part in @(@('output.txt', $Offset), @('errors.txt', $ErrorOffset))) {
    $said[$part[0]] = ''
    $file = [System.IO.Path]::Combine($Folder, $part[0])
    if ([System.IO.File]::Exists($file)) {
        $stream = [System.IO.File]::Open($file, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, $share)
        try {
            $null = $stream.Seek([long]$part[1], [System.IO.SeekOrigin]::Begin)
            $buffer = New-Object -TypeName 'byte[]' -ArgumentList 1048576
            $count = $stream.Read($buffer, 0, $buffer.Length)
            $said[$part[0]] = [System.Convert]::ToBase64String($buffer, 0, $count)
        } finally {
            $stream.Dispose()
        }
    }
}
$told = @{ 'progress.txt' = ''; 'result.json' = '' }
foreach ($name in @('progress.txt', 'result.json')) {
    $file = [System.IO.Path]::Combine($Folder, $name)
    if ([System.IO.File]::Exists($file)) {
        try { $told[$name] = [System.IO.File]::ReadAllText($file) } catch [System.IO.IOException] { $told[$name] = '' }
    }
}
[pscustomobject]@{
    exists = [System.IO.Directory]::Exists($Folder)
    ended = $ended
    output = $said['output.txt']
    errors = $said['errors.txt']
    percent = $told['progress.txt']
    result = $told['result.json']
}
