import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { basename } from '../../findings/command-reading.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { isOwnQuarantine } from '../own-folders.ts';
import type { Gathered } from './gathered.ts';
import { type Look, note, readBytes, resolve, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const MOST_ENTRIES = 1_000_000;
const LONGEST_MS = 8_000;
/** Other file systems where a program can be put; the rest of the walk stays on that of `/`. */
const BESIDE = ['/tmp', '/var/tmp', '/dev/shm', '/run', '/home', '/var', '/usr', '/opt', '/srv', '/boot'];
/** Trees of other systems: their programs are not started from here. Inside them nothing runs as our root. */
const PASSED_OVER =
  /^\/(proc|sys|dev\/(?!shm)|var\/lib\/(docker|containerd|containers|lxc|lxd|flatpak|snapd|kubelet|machines)\/|snap\/)/;

/** Programs that run with the rights of their owner or group, anywhere on the host's own file systems. */
export async function enumerateSetId(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const walk = await walkForSetId(look);
  const owners = await ownership.owners(walk.found);
  const shells = shellHashes(look);
  for (const path of walk.found) {
    const stats = statHere(look, path);
    const owner = owners.get(path);
    if (stats === null) continue;
    const isSmall = stats.size < 4_000_000n;
    const isShell = typeof owner !== 'string' && isSmall && shells.has(hashOf(look, path));
    markFile(look, gathered, {
      part: 'set-id',
      code: 'set-id',
      path,
      package: owner,
      advice: `take the bit away: chmod u-s,g-s ${path}`,
      details: {
        isSetUid: (stats.mode & 0o4000n) === 0n ? 'no' : 'yes',
        uid: stats.uid.toString(),
        gid: stats.gid.toString(),
        isShell: isShell ? 'yes' : 'no',
        value: (stats.mode & 0o7777n).toString(8),
        nested: walk.systems.some((system) => path.startsWith(system)) ? 'yes' : 'no',
      },
      ...(typeof owner === 'string' ? {} : { role: 'set-id-program' as const }),
    });
  }
  return walk.entries;
}

interface Walk {
  readonly found: string[];
  /** Folders in which another system lies whole, with a `/` behind. */
  readonly systems: string[];
  entries: number;
}

async function walkForSetId(look: Look): Promise<Walk> {
  const walk: Walk = { found: [], systems: [], entries: 0 };
  const startedMs = performance.now();
  const devices = new Set<bigint>();
  const starts = ['/', ...BESIDE].filter((path) => {
    const stats = statHere(look, path);
    if (!stats?.isDirectory() || devices.has(stats.dev)) return false;
    devices.add(stats.dev);
    return true;
  });
  for (const start of starts) {
    const device = statHere(look, start)?.dev;
    const waiting = [start === '/' ? '' : start];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      if (walk.entries > MOST_ENTRIES || performance.now() - startedMs > LONGEST_MS) {
        const reason = `the walk was ended after ${walk.entries} files, at ${folder}; the rest was not looked at`;
        look.unknowns.push({ scope: 'set-id', what: 'programs with set-id bits', reason });
        return walk;
      }
      if (look.signal?.aborted) return walk;
      const entries = read(look, folder);
      const before = walk.entries;
      walk.entries += entries.length;
      if (Math.floor(before / 5000) !== Math.floor(walk.entries / 5000)) await breathe();
      if (folder !== '' && isSystem(entries)) walk.systems.push(`${folder}/`);
      for (const entry of entries) {
        const path = `${folder}/${decodeHostBytes(entry.name)}`;
        if (entry.isDirectory()) {
          if (PASSED_OVER.test(`${path}/`) || isOwnQuarantine(path)) continue;
          if (statHere(look, path)?.dev === device) waiting.push(path);
        } else if (entry.isFile() && (modeOf(look, path) & 0o6000) !== 0) walk.found.push(path);
      }
    }
  }
  return walk;
}

function read(look: Look, folder: string): Dirent<Buffer>[] {
  const path = folder === '' ? '/' : folder;
  try {
    return readdirSync(toFsPath(look.root + path), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    note(look, 'set-id', path, error);
    return [];
  }
}

/** 0 unless somebody may start it: the bits mean nothing then (SGID without x is a lock, not a right). */
function modeOf(look: Look, path: string): number {
  const mode = lstatSync(toFsPath(look.root + path), { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o111) === 0 ? 0 : mode;
}

function isSystem(entries: readonly Dirent<Buffer>[]): boolean {
  const names = new Set(entries.map(({ name }) => name.toString('latin1')));
  return ['etc', 'usr', 'bin', 'var'].every((name) => names.has(name));
}

function shellHashes(look: Look): ReadonlySet<string> {
  const out = new Set<string>();
  for (const path of ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh', '/bin/busybox']) {
    const real = resolve(look, path);
    if (real !== null && basename(real) !== '') out.add(hashOf(look, real));
  }
  out.delete('');
  return out;
}

function hashOf(look: Look, path: string): string {
  const bytes = readBytes(look, 'set-id', path, 4_000_000)?.bytes;
  return bytes === undefined || bytes.length === 0 ? '' : createHash('sha256').update(bytes).digest('hex');
}
