import { type FSWatcher, lstatSync, watch } from 'node:fs';
import type { ChangeSign } from '../../findings/change-sign.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { TEMPORARY } from './watched-folders.ts';

const MOST_PATHS = 500;
/** Between two turns. */
const MOST_EVENTS = 500;

/**
 * What the kernel says of folders (inotify(7), through fs.watch); those that it cannot be asked about (a limit reached, a file
 * system without it) are asked for their times at each turn. An event only marks a path: what it is, a look sees.
 */
export class FolderNotices {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #times = new Map<string, string>();
  #paths = new Set<string>();
  readonly #events = new Map<string, number>();

  constructor(folders: readonly string[]) {
    for (const folder of folders) this.#begin(folder);
  }

  get noticed(): number {
    return this.#watchers.size;
  }

  get polled(): number {
    return this.#times.size;
  }

  /** What was noticed since it was asked last. */
  take(): ChangeSign[] {
    for (const [folder, before] of this.#times) {
      const now = timesOf(folder);
      if (now === before) continue;
      this.#times.set(folder, now);
      this.#note(folder);
      if (before === MISSING) this.#begin(folder);
    }
    const paths = [...this.#paths].filter(isWorthALook);
    this.#paths = new Set();
    this.#events.clear();
    return paths.map((path) => ({ kind: 'file', path }));
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#times.clear();
  }

  #begin(folder: string): void {
    this.#times.delete(folder);
    try {
      const watcher = watch(toFsPath(folder), { encoding: 'buffer', persistent: false }, (_event, name) =>
        this.#noteIn(
          folder,
          name === null ? folder : `${folder}/${decodeHostBytes(name as unknown as Buffer)}`,
        ),
      );
      // The folder itself has gone: from now on it is asked for.
      watcher.on('error', () => this.#poll(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      this.#poll(folder);
    }
  }

  #poll(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#times.set(folder, timesOf(folder));
  }

  /** A folder in which much happens would cost more than it tells: its time is asked for instead. */
  #noteIn(folder: string, path: string): void {
    const events = (this.#events.get(folder) ?? 0) + 1;
    this.#events.set(folder, events);
    if (events > MOST_EVENTS) this.#poll(folder);
    this.#note(path);
  }

  #note(path: string): void {
    if (this.#paths.size < MOST_PATHS) this.#paths.add(path);
  }
}

const MISSING = 'missing';

function timesOf(folder: string): string {
  const stats = lstatSync(toFsPath(folder), { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? MISSING : `${stats.mtimeNs} ${stats.ino}`;
}

/** In temporary folders files come and go; what could be started there is another matter. */
function isWorthALook(path: string): boolean {
  // Only that something happens there is known, and in these something always does.
  if (TEMPORARY.includes(path)) return false;
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (!TEMPORARY.includes(folder)) return true;
  const stats = lstatSync(toFsPath(path), { throwIfNoEntry: false });
  return stats !== undefined && (stats.isDirectory() ? path.includes('/.') : (stats.mode & 0o111) !== 0);
}
