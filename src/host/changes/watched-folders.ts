import { readFileSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { parsePasswd } from '../scan/passwd.ts';

/** Folders that things start from; what appears in them is worth a look. */
const STARTING = [
  '/etc',
  '/etc/cron.d',
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/cron.weekly',
  '/etc/cron.monthly',
  '/etc/crontabs',
  '/etc/periodic/15min',
  '/var/spool/cron',
  '/var/spool/cron/crontabs',
  '/var/spool/cron/atjobs',
  '/etc/systemd/system',
  '/etc/systemd/system/multi-user.target.wants',
  '/run/systemd/system',
  '/run/systemd/transient',
  '/usr/lib/systemd/system',
  '/usr/local/lib/systemd/system',
  '/etc/init.d',
  '/etc/profile.d',
  '/etc/ld.so.conf.d',
  '/etc/udev/rules.d',
  '/etc/sudoers.d',
  '/etc/ssh',
  '/etc/pam.d',
  '/etc/update-motd.d',
  '/usr/local/bin',
  '/usr/local/sbin',
];
const IN_HOMES = ['', '/.ssh', '/.config/systemd/user', '/.config/autostart'];
/** Busy, and of interest only for programs. */
export const TEMPORARY = ['/tmp', '/var/tmp', '/dev/shm', '/run'];
const MOST_HOMES = 200;

/** Every folder to be watched, whether it is there or not. */
export function watchedFolders(): readonly string[] {
  let lines: string[] = [];
  try {
    lines = decodeHostBytes(readFileSync('/etc/passwd')).split('\n');
  } catch {
    // Without the list of accounts their homes are not watched; the looks see them.
  }
  const homes = parsePasswd(lines)
    .map(({ home }) => home)
    .filter((home) => /^\/(root|home\/|var\/lib\/|srv\/|opt\/)/.test(`${home}/`));
  const own = [...new Set(homes)]
    .slice(0, MOST_HOMES)
    .flatMap((home) => IN_HOMES.map((part) => `${home}${part}`));
  return [...STARTING, ...TEMPORARY, ...own];
}
