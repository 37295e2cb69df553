import type { ScanScope } from '../../findings/scan.ts';
import { enumerateAccounts } from './accounts.ts';
import { enumerateAuthorizedKeys } from './authorized-keys.ts';
import { enumerateConnections } from './connections.ts';
import { enumerateCron } from './cron.ts';
import { enumerateDroppedFiles } from './dropped-files.ts';
import type { Enumerator } from './gathered.ts';
import { enumerateHostKeys } from './host-keys.ts';
import { enumerateHostsFile } from './hosts-file.ts';
import { enumeratePackages } from './packages.ts';
import { enumeratePreload } from './preload.ts';
import { enumerateProcesses } from './processes.ts';
import { enumerateSecondOpinion } from './second-opinion.ts';
import { enumerateShellStart } from './shell-start.ts';
import { enumerateStarts } from './starts/enumerate-starts.ts';
import { enumerateUnits } from './units.ts';

/** One enumerator for each scope, in the order in which they build on each other. */
export const ENUMERATORS: Readonly<Record<ScanScope, Enumerator>> = {
  processes: enumerateProcesses,
  connections: enumerateConnections,
  cron: enumerateCron,
  units: enumerateUnits,
  'shell-start': enumerateShellStart,
  preload: enumeratePreload,
  'hosts-file': enumerateHostsFile,
  'authorized-keys': enumerateAuthorizedKeys,
  'dropped-files': enumerateDroppedFiles,
  accounts: enumerateAccounts,
  'host-keys': enumerateHostKeys,
  packages: enumeratePackages,
  'at-jobs': enumerateStarts('at-jobs'),
  boot: enumerateStarts('boot'),
  session: enumerateStarts('session'),
  'tool-hooks': enumerateStarts('tool-hooks'),
  'second-opinion': enumerateSecondOpinion,
};

/** A process is judged by what starts it, an entry by what it starts: these are read together whichever is asked for. */
const TOGETHER: readonly ScanScope[] = [
  'processes',
  'connections',
  'cron',
  'units',
  'shell-start',
  'preload',
  'hosts-file',
  'at-jobs',
  'boot',
  'session',
  'tool-hooks',
];
const ALONE: readonly ScanScope[] = ['host-keys', 'packages', 'second-opinion'];

/** What must be read so that the scopes asked for can be judged. */
export function scopesToRead(asked: readonly ScanScope[]): ScanScope[] {
  const wanted = new Set<ScanScope>(asked);
  if (asked.some((scope) => !ALONE.includes(scope))) for (const scope of TOGETHER) wanted.add(scope);
  if (asked.includes('accounts')) wanted.add('authorized-keys');
  if (wanted.has('processes') && asked.some((scope) => !ALONE.includes(scope))) wanted.add('dropped-files');
  return (Object.keys(ENUMERATORS) as ScanScope[]).filter((scope) => wanted.has(scope));
}
