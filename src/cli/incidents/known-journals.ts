import type { BigIntStats } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a list of incidents takes from a journal. */
export interface JournalFacts {
  readonly id: string;
  readonly host: string;
  readonly playbook: string;
  readonly isAltered: boolean;
  readonly isClosed: boolean;
  readonly isDrill: boolean;
  readonly finished: number;
  readonly total: number;
  /** Title of the step in hand; null when all are finished. */
  readonly stoppedAt: string | null;
  readonly openedAt: string;
  readonly lastAt: string;
}

interface Entry {
  /** Which file it was, and in which state. */
  readonly stamp: string;
  readonly facts: JournalFacts;
}

/** Shorter ones are read anew as fast. */
const LONG_BYTES = 100_000n;
const FORMAT = 1;

/**
 * What was read of long journals the last time: only those that are other files now, or were written to since, are
 * read and checked again. For lists alone: whatever opens an incident reads its whole journal. Lies beside the
 * incidents and can be deleted at any time.
 */
export class KnownJournals {
  readonly #path: string;
  readonly #before: ReadonlyMap<string, Entry>;
  readonly #now = new Map<string, Entry>();

  private constructor(path: string, before: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#before = before;
  }

  static async read(root: string): Promise<KnownJournals> {
    const path = join(root, '.known-journals.json');
    try {
      const { format, entries } = JSON.parse(await readFile(path, 'utf8')) as {
        format: number;
        entries: Record<string, Entry>;
      };
      return new KnownJournals(path, format === FORMAT ? new Map(Object.entries(entries)) : new Map());
    } catch {
      return new KnownJournals(path, new Map());
    }
  }

  /** `read` is asked where the journal is not known as it is. `file`: of before it would be read. */
  async factsOf(folder: string, file: BigIntStats, read: () => Promise<JournalFacts>): Promise<JournalFacts> {
    const { dev, ino, size, mtimeNs, ctimeNs } = file;
    const stamp = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    const known = this.#before.get(folder);
    const entry = known?.stamp === stamp ? known : { stamp, facts: await read() };
    if (size >= LONG_BYTES) this.#now.set(folder, entry);
    return entry.facts;
  }

  /** For the next time, if anything is new; where it cannot be written, the next time takes as long as this one. */
  async save(): Promise<void> {
    const isSame =
      this.#now.size === this.#before.size &&
      [...this.#now].every(([folder, { stamp }]) => this.#before.get(folder)?.stamp === stamp);
    if (isSame) return;
    const fresh = `${this.#path}.${process.pid}`;
    try {
      const text = JSON.stringify({ format: FORMAT, entries: Object.fromEntries(this.#now) });
      await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
      await rename(fresh, this.#path);
    } catch {
      await rm(fresh, { force: true }).catch(() => undefined);
    }
  }
}
