import { closeSync, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity } from '../operations/identity.ts';
import { decodeHostBytes } from '../text/host-bytes.ts';
import { O_PATH } from './safe-path.ts';
import { refuseSilent } from './silent-mounts.ts';

/** What /proc/PID/stat says of a process, as far as it is needed to act on it (proc_pid_stat(5)). */
export interface ProcessState {
  readonly identity: ProcessIdentity;
  /** One letter: R, S, D, T (stopped), t (traced), Z (zombie), X (dead), I (idle kernel thread). */
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  readonly threads: number;
  readonly isKernelThread: boolean;
}

/** Reads who has this number now; null if nobody has. */
export function readProcess(pid: number): ProcessState | null {
  const stat = parseStat(pid);
  if (stat === null) return null;
  const { exePath, exeInode } = readExe(pid);
  // Read again: between the two reads the number may have passed to another process.
  const again = parseStat(pid);
  if (again === null) return null;
  if (again.startTicks !== stat.startTicks) return readProcess(pid);
  return {
    identity: {
      pid,
      startTicks: again.startTicks,
      bootId: readBootId(),
      exePath,
      exeInode,
      name: again.name,
    },
    state: again.state,
    parentPid: again.parentPid,
    groupId: again.groupId,
    sessionId: again.sessionId,
    threads: again.threads,
    isKernelThread: again.isKernelThread,
  };
}

/** Whether it has ended, though its parent may not have taken note yet. */
export function hasEnded(process: ProcessState | null): boolean {
  return process === null || process.state === 'Z' || process.state === 'X';
}

export type ProcessMatch =
  | { readonly status: 'same'; readonly process: ProcessState }
  | { readonly status: 'ended' }
  /** `what` completes "Process 812 ...". Not reused: the same process, running another program since. */
  | { readonly status: 'other'; readonly what: string; readonly isReused: boolean };

/**
 * Whether the process that was planned against is still there.
 * The path of its executable is not compared: that changes when the file is deleted or moved to quarantine.
 * Its inode does not, unless the process has become another program (execve).
 */
export function matchProcess(planned: ProcessIdentity): ProcessMatch {
  if (planned.bootId !== readBootId()) return { status: 'ended' };
  const now = readProcess(planned.pid);
  if (now === null) return { status: 'ended' };
  if (now.identity.startTicks !== planned.startTicks) {
    return {
      status: 'other',
      isReused: true,
      what: `is now another one (“${now.identity.name}”, started at tick ${now.identity.startTicks}, not ${planned.startTicks})`,
    };
  }
  if (hasEnded(now)) return { status: 'ended' };
  const { exeInode } = now.identity;
  if (planned.exeInode !== null && exeInode !== null && exeInode !== planned.exeInode) {
    return {
      status: 'other',
      isReused: false,
      what: `runs another program now (${now.identity.exePath ?? 'unreadable'}, inode ${exeInode}, not ${planned.exeInode})`,
    };
  }
  return { status: 'same', process: now };
}

/** /proc/sys/kernel/random/boot_id; empty if it cannot be read. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

function readExe(pid: number): { exePath: string | null; exeInode: string | null } {
  try {
    const exePath = decodeHostBytes(readlinkSync(`/proc/${pid}/exe`, { encoding: 'buffer' }));
    refuseSilent(`/proc/${pid}/exe`, true);
    const fd = openSync(`/proc/${pid}/exe`, O_PATH);
    try {
      const stats = fstatSync(fd, { bigint: true });
      return { exePath, exeInode: `${stats.dev}:${stats.ino}` };
    } finally {
      closeSync(fd);
    }
  } catch {
    return { exePath: null, exeInode: null };
  }
}

const KERNEL_THREAD = 0x00200000;

function parseStat(pid: number) {
  let bytes: Buffer;
  try {
    bytes = readFileSync(`/proc/${pid}/stat`);
  } catch {
    return null;
  }
  // The name is in parentheses and may hold anything, parentheses too: the last ")" ends it.
  const open = bytes.indexOf('(');
  const close = bytes.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = bytes
    .toString('latin1', close + 2)
    .trim()
    .split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return {
    name: decodeHostBytes(bytes.subarray(open + 1, close)),
    state: field(3),
    parentPid: Number(field(4)),
    groupId: Number(field(5)),
    sessionId: Number(field(6)),
    isKernelThread: (Number(field(9)) & KERNEL_THREAD) !== 0,
    threads: Number(field(20)),
    startTicks: field(22),
  };
}
