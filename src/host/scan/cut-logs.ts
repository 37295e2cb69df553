import type { MarkCode, ObservedMark } from '../../findings/mark.ts';
import { tryIdentifyFile } from '../file-identity.ts';
import type { Gathered } from './gathered.ts';
import { lastLogin } from './last-login.ts';
import { type Look, linkTarget, ownerName, statHere } from './look.ts';
import { markFile } from './mark-file.ts';

const LOGS = [
  'wtmp',
  'btmp',
  'lastlog',
  'auth.log',
  'secure',
  'syslog',
  'messages',
  'cron',
  'cron.log',
  'audit/audit.log',
];
const HISTORIES = ['.bash_history', '.zsh_history', '.ash_history', '.sh_history', '.history'];
const NOWHERE = /^\/dev\/(null|zero|full)$/;

/** Logs and histories that were emptied, or lead to where nothing is kept. */
export function enumerateCutLogs(look: Look, gathered: Gathered): number {
  for (const name of LOGS) toNowhere(look, gathered, `/var/log/${name}`, 'log-to-null');
  const homes = [...new Set(look.accounts.map(({ home }) => home))].filter((home) => /^\/.+/.test(home));
  for (const home of homes)
    for (const name of HISTORIES) toNowhere(look, gathered, `${home}/${name}`, 'history-to-null');
  emptied(look, gathered);
  return LOGS.length + homes.length * HISTORIES.length;
}

function toNowhere(look: Look, gathered: Gathered, path: string, code: MarkCode): void {
  const stats = statHere(look, path);
  const target = stats?.isSymbolicLink() ? linkTarget(look, path) : null;
  if (stats === null || target === null || !NOWHERE.test(target)) return;
  gathered.marks.push({
    part: 'impairment',
    code,
    name: path,
    place: { path },
    removable: null,
    details: { value: target },
    ...linkRemedy(look, path),
    advice: `remove the symlink, so that it is written again: unlink ${path}`,
    times: { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() },
    owner: ownerName(look, Number(stats.uid)),
    package: undefined,
  });
}

function linkRemedy(look: Look, path: string): Pick<ObservedMark, 'remedy'> {
  const file = tryIdentifyFile(path, { root: look.root });
  return file instanceof Error ? {} : { remedy: { kind: 'quarantine-file', file } };
}

/**
 * An empty file alone says nothing: it was rotated a moment ago, or nobody ever logged in. lastlog(5) is never
 * rotated, so a log-in there and none in wtmp, nor in the one before it, does not fit together. useradd(8) writes records
 * of noughts, so that the file being there says nothing (seen on Ubuntu 22.04 as it is installed).
 */
function emptied(look: Look, gathered: Gathered): void {
  const wtmp = statHere(look, '/var/log/wtmp');
  const before = ['/var/log/wtmp.1', '/var/log/wtmp.1.gz', '/var/log/wtmp.1.xz'];
  if (!wtmp?.isFile() || wtmp.size !== 0n) return;
  if (before.some((path) => statHere(look, path) !== null)) return;
  if (!look.accounts.some(({ uid }) => lastLogin(look, uid) !== null)) return;
  markFile(look, gathered, {
    part: 'impairment',
    code: 'log-emptied',
    path: '/var/log/wtmp',
    package: undefined,
    advice: 'look for who logged in elsewhere: the journal, the log server, the cloud’s audit trail',
    details: {
      value: '/var/log/lastlog says that somebody logged in, and no log-in is on record here: it was emptied',
    },
  });
}
