import { readFile, readlink } from 'node:fs/promises';

/** The little of a process that is needed to find out where the responder sits. */
export interface Ancestor {
  readonly pid: number;
  readonly parentPid: number;
  readonly name: string;
  readonly uid: number;
}

/** The process and its ancestors up to init (or to the first one of this pid namespace), nearest first. */
export async function readAncestors(pid: number): Promise<Ancestor[]> {
  const chain: Ancestor[] = [];
  const seen = new Set<number>();
  for (let at = pid; at > 0 && !seen.has(at); ) {
    seen.add(at);
    const found = await readAncestor(at);
    if (found === null) break;
    chain.push(found);
    at = found.parentPid;
  }
  return chain;
}

/** From /proc/PID/status (proc_pid_status(5)); null if there is no such process. */
export async function readAncestor(pid: number): Promise<Ancestor | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    return {
      pid,
      name: /^Name:\t(.*)$/m.exec(status)?.[1] ?? '',
      parentPid: Number(/^PPid:\t(\d+)/m.exec(status)?.[1] ?? 0),
      uid: Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? -1),
    };
  } catch {
    return null;
  }
}

/** One variable of a process's environment as it was at its start; null if unset or unreadable. */
export async function readVariable(pid: number, name: string): Promise<string | null> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    const entry = environment.split('\0').find((text) => text.startsWith(`${name}=`));
    return entry?.slice(name.length + 1) ?? null;
  } catch {
    return null;
  }
}

/** Target of a link under /proc; null if it cannot be read. */
export async function readProcLink(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    return null;
  }
}
