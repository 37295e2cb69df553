# The loop of the one process that answers all calls: a line in, a line out (frames.ts). Nothing of a call's values is
# ever part of a script's text: they come as JSON and are given as parameters. Scripts are those that came with the
# program; this is the only place that makes a script of a text.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
# Modules of Windows' own folder and no others: one in the responder's documents would be loaded before them.
$env:PSModulePath = [System.IO.Path]::Combine($env:SystemRoot, 'System32\WindowsPowerShell\v1.0\Modules')
[Console]::Out.WriteLine('TQ1 ready e30=')
while ($true) {
    $line = [Console]::In.ReadLine()
    if ($null -eq $line) { break }
    $id = 'unreadable'
    $answer = @{ ok = $false; message = 'The call could not be read.'; category = 'InvalidData' }
    try {
        $json = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($line))
        $request = ConvertFrom-Json -InputObject $json
        $id = [string]$request.id
        $parameters = @{}
        foreach ($property in $request.parameters.PSObject.Properties) {
            $parameters[$property.Name] = $property.Value
        }
        $block = [scriptblock]::Create($request.script)
        $value = @(& $block @parameters)
        $answer = @{ ok = $true; value = $value }
    } catch {
        $answer = @{
            ok = $false
            message = [string]$_.Exception.Message
            category = [string]$_.CategoryInfo.Category
        }
    }
    $text = ConvertTo-Json -InputObject $answer -Depth 6 -Compress
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($text)
    [Console]::Out.WriteLine('TQ1 ' + $id + ' ' + [System.Convert]::ToBase64String($bytes))
    [Console]::Out.Flush()
}
exit
