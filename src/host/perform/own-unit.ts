import { readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { toFsPath } from '../file-identity.ts';

/**
 * Whether a process runs in a unit, by the cgroup that the kernel puts it in (cgroups(7)). An alias (`sshd.service`) is
 * a link to the unit that is meant (`ssh.service`), and stopping it stops that one: `path` is followed.
 */
export function isInUnit(pid: number, unit: string, path: string): boolean {
  try {
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'latin1').split(/[\n/]/);
    return [unit, realName(path)].some((name) => name !== null && groups.includes(name));
  } catch {
    return false;
  }
}

function realName(path: string): string | null {
  try {
    return basename(realpathSync(toFsPath(path)).toString());
  } catch {
    return null;
  }
}
