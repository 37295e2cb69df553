# Consumers of events that were made to last, with the filter that sets them off.
# https://learn.microsoft.com/windows/win32/wmisdk/receiving-events-at-all-times and --filtertoconsumerbinding
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$filters = @{}
foreach ($filter in Get-CimInstance -Namespace 'root/subscription' -ClassName __EventFilter) {
    $filters[[string]$filter.Name] = [string]$filter.Query
}
$consumers = @{}
foreach ($consumer in Get-CimInstance -Namespace 'root/subscription' -ClassName __EventConsumer) {
    $consumers[[string]$consumer.Name] = $consumer
}
foreach ($binding in Get-CimInstance -Namespace 'root/subscription' -ClassName __FilterToConsumerBinding) {
    $consumerName = [string]$binding.Consumer.Name
    $filterName = [string]$binding.Filter.Name
    $class = ''
    $command = ''
    if ($consumers.ContainsKey($consumerName)) {
        $consumer = $consumers[$consumerName]
        $class = [string]$consumer.CimClass.CimClassName
        if ($class -eq 'CommandLineEventConsumer') {
            $command = ([string]$consumer.ExecutablePath + ' ' + [string]$consumer.CommandLineTemplate).Trim()
        }
        if ($class -eq 'ActiveScriptEventConsumer') {
            $command = ([string]$consumer.ScriptFileName + ' ' + [string]$consumer.ScriptText).Trim()
        }
    }
    $query = ''
    if ($filters.ContainsKey($filterName)) { $query = $filters[$filterName] }
    [pscustomobject]@{
        filter = $filterName
        query = $query
        consumer = $consumerName
        class = $class
        command = $command
    }
}
