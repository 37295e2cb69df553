/**
 * Mounts that do not answer: a network server that is gone, a FUSE program that has stopped. Whoever touches a file there
 * waits for ever, in the kernel. So each that could is asked by a tool that can be ended, and what lies behind one that
 * gave no answer is refused before it is touched, also by way of a symlink.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { encodeHostBytes } from '../text/host-bytes.ts';
import { readMounts } from './mount-table.ts';
import { runTool } from './run-tool.ts';

/** Types behind which somebody else stands (filesystems(5), mount.fuse(8)). autofs is left out: asking it would mount. */
const MAY_BE_SILENT =
  /^(nfs4?|cifs|smb3|smbfs|afs|ceph|9p|fuse(\..+)?|fuseblk|glusterfs|lustre|gpfs|beegfs|ocfs2|gfs2|davfs|virtiofs)$/;
const ANSWER_WITHIN_MS = 3_000;
/** They are asked at the same time, each by a process. */
const MOST_ASKED = 64;

const ASK_AGAIN_MS = 30_000;

let silent: readonly string[] = [];
let askedMs = 0;

/** Asks all that may be silent, and remembers which were. Costs nothing where there are none such. */
export async function askMounts(): Promise<readonly string[]> {
  const points = [...new Set(mountPoints())];
  const asked = points.slice(0, MOST_ASKED);
  const answers = await Promise.all(asked.map((point) => hasAnswered(point)));
  askedMs = performance.now();
  silent = [...asked.filter((_, index) => !answers[index]), ...points.slice(MOST_ASKED)];
  return silent;
}

/**
 * The same for what another process sees and this one does not: the mounts of a container, by the way to them from here. Those
 * that gave no answer are refused from now on; they are returned.
 */
export async function askMountsOf(pid: number, longestMs = ANSWER_WITHIN_MS): Promise<readonly string[]> {
  // What everything there stands on has answered already: its programs run.
  const points = mountPoints(pid).filter((point) => point !== '/');
  const ways = [...new Set(points)].map((point) => `/proc/${pid}/root${point}`);
  const answers = await Promise.all(ways.slice(0, MOST_ASKED).map((way) => hasAnswered(way, longestMs)));
  const mute = ways.filter((_, index) => answers[index] !== true);
  silent = [...silent, ...mute];
  return mute;
}

/** Those that gave no answer when they were last asked. */
export function silentMounts(): readonly string[] {
  return silent;
}

/** For a thread of this process that is told what the other has found out. */
export function rememberSilent(points: readonly string[]): void {
  silent = points;
}

/** Asks again if one was silent and that was a while ago: it may have come back. */
export async function askSilentAgain(): Promise<void> {
  if (silent.length > 0 && performance.now() - askedMs > ASK_AGAIN_MS) await askMounts();
}

function mountPoints(pid: number | 'self' = 'self'): string[] {
  try {
    return readMounts(pid)
      .filter(({ fileSystem }) => MAY_BE_SILENT.test(fileSystem))
      .map(({ point }) => point);
  } catch {
    return [];
  }
}

/** Any answer will do, a refusal too. */
async function hasAnswered(point: string, timeoutMs = ANSWER_WITHIN_MS): Promise<boolean> {
  const { timedOut } = await runTool(['stat', '-f', '-c', '%T', '--', point], {
    timeoutMs,
  });
  return !timedOut;
}

/**
 * Throws as a system call does (EHOSTDOWN) if the path leads behind a silent mount; its last part is not followed, if
 * it is a link, unless asked to.
 */
export function refuseSilent(path: string, followLast = false): void {
  if (silent.length === 0) return;
  const behind = mountOn(path, followLast);
  if (behind === null) return;
  const error = new Error(`EHOSTDOWN: the mount ${behind} does not answer, open '${path}'`);
  throw Object.assign(error, { code: 'EHOSTDOWN', syscall: 'open', path });
}

const MOST_LINKS = 40;

function mountOn(path: string, followLast: boolean): string | null {
  const left = partsOf(path);
  const done: string[] = [];
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '..') {
      done.pop();
      continue;
    }
    done.push(part);
    const here = `/${done.join('/')}`;
    if (silent.includes(here)) return here;
    const isLast = left.length === 0;
    // The kernel leads on from there to what that process sees, not to where the link's text says (proc_pid_root(5)).
    const isRoot = /^\/proc\/\d+\/root$/.test(here);
    const target = isRoot || (isLast && !followLast) ? null : linkAt(here);
    if (target === null) continue;
    links += 1;
    if (links > MOST_LINKS) return null;
    done.pop();
    if (target.startsWith('/')) done.length = 0;
    left.unshift(...partsOf(target));
  }
  return null;
}

function linkAt(path: string): string | null {
  const real = Buffer.from(encodeHostBytes(path));
  try {
    return lstatSync(real).isSymbolicLink() ? readlinkSync(real, 'utf8') : null;
  } catch {
    return null;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
