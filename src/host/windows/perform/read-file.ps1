# A piece of a file, which may be running, or be written meanwhile.
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [long] $Offset,
    [Parameter(Mandatory = $true)] [int] $Length
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
$stream = [System.IO.File]::Open($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, $share)
try {
    $null = $stream.Seek($Offset, [System.IO.SeekOrigin]::Begin)
    $buffer = New-Object -TypeName 'byte[]' -ArgumentList $Length
    $count = $stream.Read($buffer, 0, $Length)
    [pscustomobject]@{ bytes = [System.Convert]::ToBase64String($buffer, 0, $count) }
} finally {
    $stream.Dispose()
}
