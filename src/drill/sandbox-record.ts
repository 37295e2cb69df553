import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../text/user-error.ts';

/** What FOLDER/sandbox.json says, written before the start; with FOLDER/state.json, written by the holder. */
export interface SandboxRecord {
  readonly id: string;
  readonly folder: string;
  readonly mode: 'root' | 'user';
  readonly scenario: string;
  readonly seed: number;
  readonly startedAt: number;
  readonly bootId: string;
  readonly holderPid: number;
  readonly holderStart: string;
  readonly initPid: number;
  readonly initStart: string;
  readonly hostname: string;
  /** `veth`: the pretend peers are in a network of their own; `loopback`: they are on lo, and blocks do not reach them. */
  readonly network: 'veth' | 'loopback';
  /** What could not be had, in words. */
  readonly notes: readonly string[];
}

/** The folder that holds a folder for each living sandbox of this user; made if it is not there. */
export function sandboxesFolder(): string {
  const uid = process.getuid?.() ?? 0;
  // Not the user's own folder below /run: it goes away with the last login, and a dropped connection must not end a drill.
  const parent = uid === 0 && isOwn('/run', uid) ? '/run' : '/tmp';
  const folder = join(parent, parent === '/tmp' ? `tourniquet-drill-${uid}` : 'tourniquet-drill');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // In /tmp somebody else may have made it first, or laid a link there.
  if (!isOwn(folder, uid)) {
    throw new UserError(
      'foreign-drill-folder',
      `${folder} is not a private folder of this user, so no drill is kept in it.`,
      {
        hint: `Look at it with \`ls -ld ${folder}\` and move it away.`,
      },
    );
  }
  return folder;
}

/** The record of the sandbox in `folder`, or null if there is none or it was not finished. */
export function readRecord(folder: string): SandboxRecord | null {
  try {
    const made = JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8'));
    const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
    return { ...made, ...state, folder };
  } catch {
    return null;
  }
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Whether the process with this pid is still the one that was started then; a zombie is not. */
export function isSameProcess(pid: number, start: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[19] === start && fields[0] !== 'Z' && fields[0] !== 'X';
  } catch {
    return false;
  }
}

export function isAlive(record: SandboxRecord): boolean {
  return record.bootId === bootId() && isSameProcess(record.initPid, record.initStart);
}

function isOwn(path: string, uid: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === uid && (stat.mode & 0o022) === 0;
}
