import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';

/** `sshd: ann [priv]`, or `sshd-session: ann [priv]` since OpenSSH 9.8: the process that holds a login (sshd, setproctitle). */
const LEADER = /^sshd(?:-session)?: (\S+) \[priv\]$/;
const SSHD = /\/(?:sshd|sshd-session)(?: \(deleted\))?$/;

/** Who is logged in over SSH now, but for the responder. Processes and connections must have been read. */
export function enumerateLoginSessions(_look: Look, gathered: Gathered): number {
  let seen = 0;
  for (const { process, commandLine, isProtected, owner } of gathered.processes) {
    const account = LEADER.exec(commandLine.join(' ').trim())?.[1];
    // A title can be chosen; the program behind it cannot.
    if (account === undefined || !SSHD.test(process.exePath ?? '')) continue;
    seen += 1;
    if (isProtected) continue;
    const from = gathered.connections.find(({ pid, isIncoming }) => pid === process.pid && isIncoming);
    gathered.marks.push({
      part: 'accounts',
      code: 'login-session',
      name: `${account} is logged in from ${from?.remoteAddress ?? 'an address not known'} (${process.pid})`,
      place: { path: `/proc/${process.pid}` },
      removable: null,
      details: { value: account, account },
      advice: 'Ask who it is. Ending it ends all that was started from it.',
      remedy: { kind: 'end-session', account, leader: process },
      times: null,
      owner,
      package: undefined,
    });
  }
  return seen;
}
