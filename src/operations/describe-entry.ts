import type { WindowsEntry } from './operation.ts';
import { powershellQuote as quote } from './powershell-quote.ts';
import type { Risk } from './risk.ts';

interface EntryDescription {
  readonly name: string;
  readonly risk: Risk;
  readonly undo: { readonly can: 'yes'; readonly note: string };
  readonly commands: readonly string[];
}

/** See describe.ts: names are the host's, commands are shown and never run. */
export function describeEntry(entry: WindowsEntry): EntryDescription {
  const { name, note, command } = WORDS[entry.type](entry as never);
  return { name, risk: 'reversible', undo: { can: 'yes', note }, commands: [command] };
}

interface Words {
  readonly name: string;
  readonly note: string;
  readonly command: string;
}

const WORDS: {
  readonly [T in WindowsEntry['type']]: (entry: Extract<WindowsEntry, { type: T }>) => Words;
} = {
  'scheduled-task': ({ path, name }) => ({
    name: `scheduled task ${path}${name}`,
    note: 'Enables it again, if it was enabled.',
    command: `Disable-ScheduledTask -TaskPath ${quote(path)} -TaskName ${quote(name)}`,
  }),
  'hidden-task': ({ path, name }) => ({
    name: `hidden task ${path}${name}`,
    note: 'Writes its keys again, as they were.',
    command: `Remove-Item -Recurse -LiteralPath ${quote(`HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree${path}${name}`)}  # as SYSTEM, and its Id below Tasks`,
  }),
  'registry-value': ({ key, name }) => ({
    name: `${key} “${name}”`,
    note: 'Writes the value again, with its type.',
    command: `Remove-ItemProperty -LiteralPath ${quote(`Registry::${key}`)} -Name ${quote(name)}`,
  }),
  'wmi-binding': ({ filter, consumer }) => ({
    name: `WMI subscription of ${consumer} to ${filter}`,
    note: 'Binds them again.',
    command: `Get-CimInstance -Namespace root/subscription -ClassName __FilterToConsumerBinding | Where-Object { $_.Filter.Name -eq ${quote(filter)} -and $_.Consumer.Name -eq ${quote(consumer)} } | Remove-CimInstance`,
  }),
  'defender-exclusion': ({ list, value }) => ({
    name: `Defender’s exclusion of ${value}`,
    note: 'Adds it again.',
    command: `Remove-MpPreference -${list} ${quote(value)}`,
  }),
};
