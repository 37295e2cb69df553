import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { ObservedProcess } from '../../findings/observation.ts';
import { decodeHostLatin1 } from '../../text/host-bytes.ts';
import { refuseSilent } from '../silent-mounts.ts';
import type { Gathered } from './gathered.ts';
import { type Look, ownerName } from './look.ts';
import { readProcShared } from './proc-read.ts';
import { type ProcessStat, parseProcessStat, TICKS_PER_SECOND } from './proc-stat.ts';
import { noteRefused } from './refused.ts';

/** Reads every process from /proc itself, and takes the first of the two CPU samples. */
export function enumerateProcesses(look: Look, gathered: Gathered): number {
  const proc = `${look.root}/proc`;
  const around = aroundOf(look);
  let seen = 0;
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const observed = observeProcess(look, name, around);
    if (observed === null) continue;
    seen += 1;
    gathered.processes.push(observed);
  }
  noteRefused(look, 'processes', 'the program', around.denied);
  return seen;
}

export interface Around {
  readonly proc: string;
  readonly ours: string | null;
  /** Those of which the kernel would not tell which program they run. */
  readonly denied: number[];
  readonly protectedPids: ReadonlySet<number>;
  /** When the host was booted, ms since 1970. */
  readonly bootedAtMs: number | null;
}

/** What is the same for all of them, found out once. */
export function aroundOf(look: Look): Around {
  const proc = `${look.root}/proc`;
  return {
    proc,
    ours: rootInode(proc, 'self') ?? rootInode(proc, String(process.pid)),
    denied: [],
    protectedPids: new Set([...look.facts.responder.protectedPids, process.pid]),
    bootedAtMs: bootTime(proc),
  };
}

/** `btime` of /proc/stat (proc_stat(5)). */
function bootTime(proc: string): number | null {
  const seconds = /^btime (\d+)$/m.exec(tryRead(`${proc}/stat`)?.toString('latin1') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

export function startedAt({ startTicks }: ProcessStat, { bootedAtMs }: Around): number | null {
  return bootedAtMs === null ? null : bootedAtMs + Math.round((Number(startTicks) / TICKS_PER_SECOND) * 1000);
}

/** null if it has ended meanwhile, which is ordinary, or if what lies under its number is another's folder. */
export function observeProcess(look: Look, name: string, around: Around): ObservedProcess | null {
  const folder = `${around.proc}/${name}`;
  const stat = statOf(folder);
  // The dead that their parents have not taken note of run no program.
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  const pid = Number(name);
  if (stat.pid !== pid) return null;
  const uid = uidOf(folder);
  const isKernelThread = stat.isKernelThread || pid === 2 || (stat.parentPid === 2 && !hasExe(folder));
  const exe = isKernelThread ? NO_EXE : readExe(folder, pid, around.denied);
  const identity = {
    pid,
    startTicks: stat.startTicks,
    bootId: look.facts.bootId,
    exePath: exe.text,
    exeInode: exe.inode,
    name: stat.name,
  };
  const base = {
    process: identity,
    parentPid: stat.parentPid,
    uid,
    owner: ownerName(look, uid),
    sessionId: stat.sessionId,
    cpuPercent: null,
    startedAtMs: startedAt(stat, around),
    isKernelThread,
    isProtected: around.protectedPids.has(pid),
    exe: exe.path,
    isDeleted: exe.isDeleted,
    isMemfd: exe.isMemfd,
  };
  if (isKernelThread) {
    return {
      ...base,
      commandLine: [],
      workingFolder: null,
      cgroup: null,
      sharesOurFiles: true,
      preload: null,
    };
  }
  const root = rootInode(around.proc, name);
  return {
    ...base,
    commandLine: splitNul(tryRead(`${folder}/cmdline`)),
    workingFolder: readLink(`${folder}/cwd`),
    cgroup: cgroupOf(tryRead(`${folder}/cgroup`)),
    sharesOurFiles: root === null || around.ours === null || root === around.ours,
    preload: preloadOf(tryRead(`${folder}/environ`)),
  };
}

export interface Exe {
  readonly text: string | null;
  readonly path: string | null;
  readonly inode: string | null;
  readonly isDeleted: boolean;
  readonly isMemfd: boolean;
}

const NO_EXE: Exe = { text: null, path: null, inode: null, isDeleted: false, isMemfd: false };
const DELETED = ' (deleted)';

function readExe(folder: string, pid: number, denied: number[]): Exe {
  let text: string;
  try {
    text = decodeHostLatin1(readlinkSync(`${folder}/exe`, { encoding: 'latin1' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') denied.push(pid);
    return NO_EXE;
  }
  let inode: string | null = null;
  let links = 1n;
  try {
    refuseSilent(`${folder}/exe`, true);
    const stats = statSync(`${folder}/exe`, { bigint: true });
    inode = `${stats.dev}:${stats.ino}`;
    links = stats.nlink;
  } catch {
    // Gone between the two, or not permitted.
  }
  return exeOf(text, inode, links === 0n);
}

/** From what the link says and what it leads to. */
export function exeOf(text: string, inode: string | null, hasNoLink: boolean): Exe {
  const isMemfd = text.startsWith('/memfd:');
  // A file may really be called "x (deleted)": it then still has a link.
  const isDeleted = text.endsWith(DELETED) && hasNoLink;
  const path = isMemfd || !text.startsWith('/') ? null : isDeleted ? text.slice(0, -DELETED.length) : text;
  return { text: text || null, path, inode, isDeleted, isMemfd };
}

export function statOf(folder: string): ProcessStat | null {
  try {
    return parseProcessStat(readProcShared(`${folder}/stat`));
  } catch {
    return null;
  }
}

/** The kernel gives the folder itself to the effective user, whatever else it hides (fs/proc/base.c, task_dump_owner). */
function uidOf(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.uid ?? 0;
}

function hasExe(folder: string): boolean {
  try {
    readlinkSync(`${folder}/exe`);
    return true;
  } catch {
    return false;
  }
}

function rootInode(proc: string, name: string): string | null {
  try {
    const stats = statSync(`${proc}/${name}/root/`, { bigint: true });
    return `${stats.dev}:${stats.ino}`;
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return decodeHostLatin1(readlinkSync(path, { encoding: 'latin1' }));
  } catch {
    return null;
  }
}

function tryRead(path: string): Buffer | null {
  try {
    return readProcShared(path);
  } catch {
    return null;
  }
}

export function splitNul(bytes: Buffer | null): string[] {
  if (bytes === null || bytes.length === 0) return [];
  const parts = decodeHostLatin1(bytes.toString('latin1')).split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** The line of the unified hierarchy, else of systemd's own, else the first. */
export function cgroupOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  const lines = decodeHostLatin1(bytes.toString('latin1')).split('\n').filter(Boolean);
  const line =
    lines.find((one) => one.includes('name=systemd')) ??
    lines.find((one) => one.startsWith('0::')) ??
    lines[0];
  return line === undefined ? null : line.split(':').slice(2).join(':');
}

function preloadOf(bytes: Buffer | null): string | null {
  if (bytes === null || !bytes.includes('LD_PRELOAD=')) return null;
  const setting = splitNul(bytes).find((one) => one.startsWith('LD_PRELOAD='));
  return setting?.slice('LD_PRELOAD='.length) || null;
}
