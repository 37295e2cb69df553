# Files as they are now: what an operation recognises them by. A path that is no file is left out.
param(
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Path
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
foreach ($one in $Path) {
    $item = Get-Item -LiteralPath $one -Force -ErrorAction SilentlyContinue
    if ($null -ne $item -and $item -is [System.IO.FileInfo]) {
        $hash = $null
        try {
            $hash = [string](Get-FileHash -LiteralPath $one -Algorithm SHA256).Hash.ToLowerInvariant()
        } catch {
            $hash = $null
        }
        [pscustomobject]@{
            path = $one
            sizeBytes = [string]$item.Length
            created = [string]$item.CreationTimeUtc.ToFileTimeUtc()
            written = [string]$item.LastWriteTimeUtc.ToFileTimeUtc()
            attributes = [int]$item.Attributes
            isLink = (([int]$item.Attributes -band 1024) -ne 0)
            sha256 = $hash
        }
    }
}
