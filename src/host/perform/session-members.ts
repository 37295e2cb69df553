import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../operations/identity.ts';
import { hasEnded, type ProcessState, readProcess } from '../process-identity.ts';

/**
 * All that belongs to a login: what was started from its leader, whatever is in one of their kernel sessions, and what
 * systemd counts to the same session (its `session-N.scope`). The leader itself comes first.
 */
export function sessionMembers(leader: ProcessIdentity): ProcessIdentity[] {
  const all = allProcesses();
  const first = all.find(({ identity }) => identity.pid === leader.pid);
  if (first === undefined) return [];
  const scope = scopeOf(leader.pid);
  const inside = new Set([leader.pid]);
  // A leader that leads no kernel session of its own shares it with whoever started it: not counted then.
  const sessions = new Set(first.sessionId === leader.pid ? [leader.pid] : []);
  for (let before = -1; before !== inside.size; ) {
    before = inside.size;
    for (const one of all) {
      const { pid } = one.identity;
      if (inside.has(pid)) continue;
      if (!inside.has(one.parentPid) && !sessions.has(one.sessionId) && !isInScope(pid, scope)) continue;
      inside.add(pid);
      if (one.sessionId === pid) sessions.add(pid);
    }
  }
  return all
    .filter(({ identity }) => inside.has(identity.pid))
    .sort((a, b) => Number(b.identity.pid === leader.pid) - Number(a.identity.pid === leader.pid))
    .map(({ identity }) => identity);
}

function allProcesses(): ProcessState[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const one = readProcess(Number(name));
      return one === null || hasEnded(one) || one.isKernelThread ? [] : [one];
    });
}

function isInScope(pid: number, scope: string | null): boolean {
  return scope !== null && scopeOf(pid) === scope;
}

/** `/user.slice/user-1000.slice/session-3.scope`; null if it is in none. */
function scopeOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/cgroup`, 'latin1');
    return /^[^:]*:[^:]*:(\/.*\/session-[^/\n]+\.scope)(?:\/|$)/m.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}
