import type { ScanScope } from '../findings/scan.ts';

/** Every place that something can start from by itself: what a purge takes away, and a snapshot keeps first. */
const STARTING_PLACES: readonly ScanScope[] = [
  'cron',
  'units',
  'containers',
  'shell-start',
  'preload',
  'hosts-file',
  'dropped-files',
  'at-jobs',
  'boot',
  'session',
  'tool-hooks',
];

/** What runs, and all that it is judged by: a process by what starts it, an address by the entries that name it. */
export const RUNNING: readonly ScanScope[] = ['processes', 'connections', ...STARTING_PLACES];

/** What is weakened on a host, as far as a purge can do something about it. */
export const WEAKENED: readonly ScanScope[] = [
  'sources',
  'accounts',
  'sudo',
  'sshd',
  'pam',
  'tools',
  'set-id',
  'kernel-settings',
  'impairment',
  'web-shells',
];
