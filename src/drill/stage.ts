import { existsSync, readFileSync, realpathSync } from 'node:fs';
import type { Part } from './scene.ts';

/** What the sandbox can play, from the machine it is on. */
export interface Stage {
  readonly mode: 'root' | 'user';
  /** Where user crontabs are. */
  readonly crontabs: string;
  /** Whose crontab holds the bad line: an ordinary account, or root where there is no other. */
  readonly victim: { readonly name: string; readonly uid: number; readonly gid: number };
  /** Group of crontab files. */
  readonly crontabGid: number;
  readonly now: number;
}

/** What this machine has to play on. */
export function findStage(mode: 'root' | 'user'): Stage {
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { name, uid: Number(uid), gid: Number(gid) }] as const),
  );
  const root = { name: 'root', uid: 0, gid: 0 };
  const ordinary = ['www-data', 'apache', 'nginx', 'daemon'].find((name) => accounts.has(name));
  const group = /^crontab:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1];
  return {
    mode,
    crontabs:
      existsSync('/var/spool/cron') &&
      !existsSync('/var/spool/cron/crontabs') &&
      existsSync('/usr/sbin/crond')
        ? '/var/spool/cron'
        : '/var/spool/cron/crontabs',
    victim: (mode === 'root' && ordinary !== undefined && accounts.get(ordinary)) || root,
    crontabGid: mode === 'root' ? Number(group ?? 0) : 0,
    now: Date.now(),
  };
}

/** The machine's own cron entries must not run a second time in the sandbox. */
export function ownEntriesAway(stage: Stage): Part[] {
  const away: Part[] = [stage.crontabs, '/etc/cron.d'].map((path) => ({
    ...{ kind: 'empty', role: 'stage', what: 'entries of the machine', path },
  }));
  const crontab = existsSync('/etc/crontab') ? readFileSync('/etc/crontab', 'utf8') : '';
  const kept = crontab.split('\n').filter((line) => /^\s*(#|$|\w+\s*=)|run-parts/.test(line));
  if (kept.join('\n') !== crontab) {
    away.push({
      ...{ kind: 'file', role: 'stage', what: 'entries of the machine', path: '/etc/crontab' },
      ...{ text: kept.join('\n'), mode: 0o644 },
    });
  }
  return away;
}

/** A real cron daemon, so that what comes back really does. */
export function cronDaemon(mode: 'root' | 'user'): { parts: Part[]; notes: string[] } {
  if (mode === 'user') {
    return { parts: [], notes: ['no cron daemon runs inside: one cannot run jobs for an ordinary user'] };
  }
  const file = ['/usr/sbin/cron', '/usr/sbin/crond'].find((path) => existsSync(path));
  if (file === undefined) {
    return { parts: [], notes: ['no cron daemon is installed, so nothing comes back by cron'] };
  }
  const isBusybox = realpathSync(file).endsWith('busybox');
  const args = file.endsWith('crond') && !isBusybox ? ['-n'] : ['-f'];
  return {
    notes: [],
    parts: [{ kind: 'process', role: 'ordinary', what: 'cron daemon', file, args, workingFolder: '/' }],
  };
}
