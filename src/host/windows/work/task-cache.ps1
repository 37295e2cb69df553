# Takes a task out of the scheduler's own registry that its tools do not show, or puts it back. Only SYSTEM may write there.
# The scheduler keeps what it has read until Windows starts anew.
# https://www.microsoft.com/security/blog/2022/04/12/tarrask-malware-uses-scheduled-tasks-for-defense-evasion/
foreach ($key in @($given.keys)) {
    $place = 'Registry::' + [string]$key.path
    if ([bool]$given.remove) {
        if ($null -ne (Get-Item -LiteralPath $place -ErrorAction SilentlyContinue)) { Remove-Item -LiteralPath $place -Recurse }
    } else {
        if ($null -eq (Get-Item -LiteralPath $place -ErrorAction SilentlyContinue)) { $null = New-Item -Path $place }
        foreach ($value in @($key.values)) {
            $data = [string]$value.data
            if ([string]$value.kind -eq 'Binary') { $data = [System.Convert]::FromBase64String([string]$value.data) }
            if ([string]$value.kind -eq 'DWord') { $data = [int]$value.data }
            if ([string]$value.kind -eq 'QWord') { $data = [long]$value.data }
            $null = New-ItemProperty -LiteralPath $place -Name ([string]$value.name) -Value $data -PropertyType ([string]$value.kind) -Force
        }
    }
}
$result = @{ ok = $true; message = '' }
