/**
 * /etc/ld.so.preload: what it names is loaded into every dynamically linked program that is started (ld.so(8)).
 *
 * Rules of this boundary:
 *  - The file itself is never changed by looking past it: a cover lies over it in a mount namespace of our own.
 *  - The cover is lifted only for as long as the file itself is read or changed, since the kernel refuses to
 *    replace a file that something is mounted on (rename(2), EBUSY). Tools started meanwhile are not clean.
 */
import { existsSync, readFileSync } from 'node:fs';
import { decodeHostBytes } from '../text/host-bytes.ts';
import { tryIdentifyFile } from './file-identity.ts';
import type { PreloadFacts } from './host.ts';
import { runTool } from './run-tool.ts';

export const PRELOAD_FILE = '/etc/ld.so.preload';

/** Spellings of one path: a library that hides the file goes by its name. */
const SPELLINGS = [PRELOAD_FILE, '/etc/./ld.so.preload', '/proc/self/root/etc/../etc/ld.so.preload'];

/** The libraries that it names, in order; empty if there is no such file, or nothing in it. */
export function readPreloadEntries(): string[] {
  for (const path of SPELLINGS) {
    try {
      const entries = parsePreload(decodeHostBytes(readFileSync(path)));
      if (entries.length > 0) return entries;
    } catch {
      // Missing, or hidden under this name.
    }
  }
  return [];
}

/** Names are separated by blanks or colons; `#` starts a comment. */
export function parsePreload(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => line.replace(/#.*$/, '').split(/[\s:]+/))
    .filter((name) => name !== '');
}

let known: { readonly entries: readonly string[]; readonly failure: string | null } | null = null;

/** Said once by step-around.ts, before anything else is done. */
export function rememberPreload(entries: readonly string[], failure: string | null): void {
  known = { entries, failure };
}

/** What was stepped around here; null if nothing was, or it could not be. */
export function coveredPreload(): readonly string[] | null {
  return known !== null && known.failure === null && known.entries.length > 0 ? known.entries : null;
}

/** null if nothing is loaded into every program. */
export function preloadFacts(): PreloadFacts | null {
  const entries = known?.entries ?? readPreloadEntries();
  if (entries.length === 0) return null;
  const libraries = entries.map((path) => {
    const identity = path.startsWith('/') ? tryIdentifyFile(path) : null;
    return { path, sha256: identity !== null && 'sha256' in identity ? identity.sha256 : null };
  });
  const loaded = libraries.filter(({ path }) => isMapped(path));
  const failure =
    known === null
      ? 'it was not looked for before the start'
      : (known.failure ??
        (!isCovered() ? 'the cover over the file is not there' : null) ??
        (loaded.length > 0 ? `${loaded[0]?.path} is loaded all the same` : null));
  return { libraries, isSteppedAround: failure === null, failure };
}

function isMapped(path: string): boolean {
  return readText('/proc/self/maps')
    .split('\n')
    .some((line) => line.endsWith(` ${path}`));
}

/** Whether our cover lies over it in the mount namespace we are in. */
function isCovered(): boolean {
  return readText('/proc/self/mountinfo').includes(` ${PRELOAD_FILE} `);
}

let turn: Promise<unknown> = Promise.resolve();

/** Does what has to do with the file itself, with the cover lifted meanwhile if there is one. One at a time. */
export function withPreloadFile<T>(work: () => T | Promise<T>): Promise<T> {
  if (known === null || known.failure !== null) return Promise.resolve().then(work);
  const mine = turn.then(async () => {
    const wasCovered = isCovered();
    if (wasCovered) await runTool(['umount', PRELOAD_FILE]);
    try {
      return await work();
    } finally {
      // Where there was none, as when the private namespace could not be had, one would be seen by the whole host.
      if (wasCovered && existsSync(PRELOAD_FILE)) await runTool(coverCommand());
    }
  });
  turn = mine.catch(() => {});
  return mine;
}

/** An empty file is all that a cover needs to be (and busybox knows no `--bind`). */
export function coverCommand(): string[] {
  return ['mount', '-n', '-o', 'bind', '/dev/null', PRELOAD_FILE];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
