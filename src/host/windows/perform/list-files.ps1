# Files below some paths, up to a number; a link is not followed.
param(
    [Parameter(Mandatory = $true)] [string[]] $Path,
    [Parameter(Mandatory = $true)] [int] $Most
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$left = $Most
foreach ($one in $Path) {
    $item = Get-Item -LiteralPath $one -Force -ErrorAction SilentlyContinue
    if ($null -eq $item) {
        [pscustomobject]@{ path = $one; sizeBytes = '0'; status = 'missing' }
    } else {
        $files = @($item)
        if ($item -is [System.IO.DirectoryInfo]) {
            $files = @(Get-ChildItem -LiteralPath $one -Recurse -File -Force -ErrorAction SilentlyContinue | Select-Object -First ($left + 1))
        }
        foreach ($file in $files) {
            if ($left -ge 0) {
                $left -= 1
                $status = 'file'
                if (([int]$file.Attributes -band 1024) -ne 0) { $status = 'link' }
                [pscustomobject]@{ path = [string]$file.FullName; sizeBytes = [string]$file.Length; status = $status }
            }
        }
    }
}
