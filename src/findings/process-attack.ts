import type { ObservedProcess } from './observation.ts';
import type { Signal } from './weigh.ts';

const MINING: ReadonlySet<string> = new Set([
  'stratum',
  'wallet',
  'pool-name',
  'miner-option',
  'miner-text',
  'content',
  'name',
  'pool-port',
  'config',
  'cpu',
  'memory',
]);
/** It runs what mines, or belongs with it: part of the same hijacking. */
const COMPANY: ReadonlySet<string> = new Set(['association', 'unit', 'child', 'kin', 'burst']);
const FETCHING: ReadonlySet<string> = new Set(['fetch-run', 'source', 'renamed']);
const BY_CODE: Readonly<Record<string, string>> = {
  'decoded-and-run': 'T1059.004',
  'dev-tcp': 'T1059.004',
  'dpkg-script': 'T1546.016',
  'ssh-spread': 'T1021.004',
  'changed-program': 'T1554',
  'known-bad-host': 'T1071',
  'ld-preload': 'T1574.006',
  'no-history': 'T1562.003',
  chattr: 'T1222.002',
  'rewrites-crontab': 'T1053.003',
};
/** Where nothing says more than that a program ran: a deleted one, one of a temporary folder, any other. */
const ELSE: readonly (readonly [string, string])[] = [
  ['deleted', 'T1070.004'],
  ['where', 'T1105'],
];

/** ATT&CK ids of what speaks against a process; never none. */
export function attackOfProcess(signals: readonly Signal[], seen: ObservedProcess): string[] {
  const has = (topics: ReadonlySet<string>): boolean => signals.some(({ topic }) => topics.has(topic));
  const ids = [
    ...(has(MINING) || has(COMPANY) ? ['T1496.001'] : []),
    ...(has(FETCHING) ? ['T1105'] : []),
    ...(signals.some(({ topic }) => topic === 'pretends') ? ['T1036.004'] : []),
    ...(signals.some(({ code, weight }) => code === 'deleted-executable' && weight >= 40)
      ? ['T1070.004']
      : []),
    ...(seen.isMemfd ? ['T1620'] : []),
    ...(seen.hidden === undefined ? [] : [seen.hidden.how === 'mounted-over' ? 'T1564.013' : 'T1014']),
    ...(signals.some(({ topic, weight }) => topic === 'hidden' && weight >= 40) ? ['T1564.001'] : []),
    ...(signals.some(({ code, weight }) => code === 'runtime-socket' && weight >= 10) ? ['T1611'] : []),
    ...signals.flatMap(({ code }) => BY_CODE[code] ?? []),
  ];
  if (ids.length > 0) return ids;
  const [, id = 'T1059'] = ELSE.find(([topic]) => signals.some((signal) => signal.topic === topic)) ?? [];
  return [id];
}
