import { parseAnacrontab, parseCrontab } from './crontab.ts';
import { entryFile, isAsPackaged } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readLines, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';
import { isSystemAccount } from './passwd.ts';

const SYSTEM_FILES = ['/etc/crontab', '/etc/anacrontab'];
/** Where Debian, Red Hat, SUSE and Alpine keep users' crontabs. */
const USER_FOLDERS = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs'];
const SCRIPT_FOLDERS = [
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/cron.weekly',
  '/etc/cron.monthly',
  '/etc/cron.yearly',
  '/etc/periodic/15min',
  '/etc/periodic/hourly',
  '/etc/periodic/daily',
  '/etc/periodic/weekly',
  '/etc/periodic/monthly',
];

/** Crontabs of users and of the system, files of cron.d, and the scripts that run-parts starts. */
export async function enumerateCron(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  let seen = 0;
  for (const path of SYSTEM_FILES)
    seen += await readCrontab(look, gathered, ownership, { path, user: null, isDropped: false });
  for (const name of listFolder(look, 'cron', '/etc/cron.d')) {
    // cron itself passes over names with a dot; a backup copy there starts nothing, but shows what was.
    if (name !== '.placeholder')
      seen += await readCrontab(look, gathered, ownership, {
        path: `/etc/cron.d/${name}`,
        user: null,
        isDropped: true,
      });
  }
  const done = new Set<string>();
  for (const folder of USER_FOLDERS) {
    for (const name of listFolder(look, 'cron', folder)) {
      const real = resolve(look, `${folder}/${name}`);
      if (real === null || done.has(real)) continue;
      done.add(real);
      seen += await readCrontab(look, gathered, ownership, { path: real, user: name, isDropped: false });
    }
  }
  for (const folder of SCRIPT_FOLDERS) {
    for (const name of listFolder(look, 'cron', folder))
      seen += await readScript(look, gathered, ownership, `${folder}/${name}`);
  }
  return seen;
}

interface CrontabPlace {
  readonly path: string;
  /** Whose crontab it is; null if each line names its user. */
  readonly user: string | null;
  readonly isDropped: boolean;
}

async function readCrontab(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  place: CrontabPlace,
): Promise<number> {
  const file = await entryFile(look, 'cron', place.path, ownership);
  const lines = file === null ? null : readLines(look, 'cron', file.file.path);
  if (file === null || lines === null) return 0;
  const isAnacron = place.path === '/etc/anacrontab';
  const entries = isAnacron ? parseAnacrontab(lines) : parseCrontab(lines, place.user === null);
  const repeats = new Map<string, number>();
  for (const entry of entries) {
    const user = place.user ?? entry.user ?? 'root';
    const account = look.accounts.find(({ name }) => name === user);
    const repeat = repeats.get(entry.text) ?? 0;
    repeats.set(entry.text, repeat + 1);
    gathered.lines.push({
      ...file,
      role: 'cron-entry',
      line: { number: entry.line, text: entry.text },
      details: {
        schedule: entry.schedule,
        user,
        command: entry.command,
        ...(place.isDropped ? { wholeFile: String(entries.length) } : {}),
        ...(place.user !== null && account === undefined ? { isOrphan: 'yes' } : {}),
        ...(repeat > 0 ? { repeat: String(repeat) } : {}),
      },
      command: entry.whole,
      home: entry.home ?? account?.home ?? null,
      account: user,
      isSystemAccount: place.user !== null && account !== undefined && isSystemAccount(account),
      siblings: entries.length,
    });
  }
  return entries.length;
}

async function readScript(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  path: string,
): Promise<number> {
  if (await isAsPackaged(look, path, ownership)) return 1;
  const file = await entryFile(look, 'cron', path, ownership);
  const stats = file === null ? null : statHere(look, file.file.path);
  if (file === null || stats === null) return 0;
  const name = path.slice(path.lastIndexOf('/') + 1);
  gathered.cronScripts.push({
    ...file,
    // BusyBox's run-parts, which is what /etc/periodic is run by, takes any name.
    isInert:
      (!path.startsWith('/etc/periodic/') && !/^[A-Za-z0-9_-]+$/.test(name)) || (stats.mode & 0o111n) === 0n,
    text: (readLines(look, 'cron', file.file.path) ?? []).join('\n'),
  });
  return 1;
}
