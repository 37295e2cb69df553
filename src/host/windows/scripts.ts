import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const known = new Map<string, string>();

/** What can be run as SYSTEM: files of `work/`, without the frame that they stand in. */
export const WORKERS = ['install-updates', 'run-command', 'task-cache'] as const;
export type Worker = (typeof WORKERS)[number];

/**
 * The text of a script of ours by its name below this folder, e.g. `scan/processes`, without comments. The build puts them
 * beside the bundle as `windows-scan-processes.ps1`.
 */
export function readScript(name: string): string {
  return kept(name, () => read(name));
}

/** A whole script for work as SYSTEM, without comments: `work/frame.ps1` with the worker in its place. */
export function readWorker(worker: Worker): string {
  const name = `work/${worker}`;
  return kept(name, () => {
    const work = read(name).replaceAll(/^(?=.)/gm, '    ');
    return read('work/frame').replace(PLACE_OF_WORK, (end) => `${work}${end}`);
  });
}

/** Where the frame's `try` ends: the only `catch` in it. */
const PLACE_OF_WORK = /^\} catch \{$/m;

function kept(name: string, text: () => string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const now = text();
  known.set(name, now);
  return now;
}

function read(name: string): string {
  const built = join(import.meta.dirname, `windows-${name.replace('/', '-')}.ps1`);
  const path = existsSync(built) ? built : join(import.meta.dirname, `${name}.ps1`);
  return readFileSync(path, 'utf8').replaceAll(/^\s*#.*\r?\n/gm, '');
}
