# A folder for what is kept of this incident, which only SYSTEM and administrators get into, and the number of the runner
# that may act. Anybody may make folders in ProgramData: one that somebody else owns is not used.
param(
    [Parameter(Mandatory = $true)] [string] $Root,
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [string] $FenceFile,
    [Parameter(Mandatory = $true)] [int] $Token
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$trusted = @('S-1-5-18', 'S-1-5-32-544')
foreach ($folder in @($Root, $Path)) {
    if (-not [System.IO.Directory]::Exists($folder)) {
        $security = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
        $security.SetSecurityDescriptorSddlForm('O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
        $null = New-Item -ItemType Directory -Path $folder
        Set-Acl -LiteralPath $folder -AclObject $security
    }
    $item = Get-Item -LiteralPath $folder -Force
    if (([int]$item.Attributes -band 1024) -ne 0) { throw 'The folder is a link to somewhere else.' }
    $owner = (Get-Acl -LiteralPath $folder).GetOwner([System.Security.Principal.SecurityIdentifier]).Value
    if ($trusted -notcontains $owner) { throw 'The folder belongs to somebody else: look at it, then move it away.' }
}
$file = [System.IO.Path]::Combine($Path, $FenceFile)
$stream = [System.IO.File]::Open($file, [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
try {
    $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $stream
    $highest = 0
    $text = $reader.ReadToEnd()
    if ($text -match '^\d{1,9}$') { $highest = [int]$text }
    if ($Token -gt $highest) {
        $stream.SetLength(0)
        $bytes = [System.Text.Encoding]::ASCII.GetBytes([string]$Token)
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
        $highest = $Token
    }
} finally {
    $stream.Dispose()
}
[pscustomobject]@{ highest = $highest }
