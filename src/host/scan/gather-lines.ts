import type { ObservedLine } from '../../findings/observation.ts';
import type { ScanScope } from '../../findings/scan.ts';
import { type EntryFile, entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import type { Ownership } from './owning.ts';
import { readNumbered } from './read-numbered.ts';

export interface LineFile {
  readonly scope: ScanScope;
  readonly path: string;
  readonly role: ObservedLine['role'];
}

export interface LineReading {
  readonly details: Readonly<Record<string, string>>;
  /** What the line has run, if anything. */
  readonly command?: string;
  readonly account?: string | null;
  readonly isSystemAccount?: boolean;
}

/**
 * Reads a file of settings line by line; `read` says of each what there is to know of it, or null if nothing.
 * null if the file is missing or no regular file.
 */
export async function gatherLines(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  of: LineFile,
  read: (text: string, index: number, file: EntryFile) => LineReading | null,
): Promise<number | null> {
  const file = await entryFile(look, of.scope, of.path, ownership);
  if (file === null) return null;
  const lines = readNumbered(look, of.scope, file.file.path) ?? [];
  const repeats = new Map<string, number>();
  for (const { whole, line, number } of lines) {
    const reading = read(line, number - 1, file);
    if (reading === null) continue;
    const repeat = repeats.get(whole) ?? 0;
    repeats.set(whole, repeat + 1);
    gathered.lines.push({
      ...file,
      role: of.role,
      line: { number, text: whole },
      details: { ...reading.details, ...(repeat > 0 ? { repeat: String(repeat) } : {}) },
      command: reading.command ?? null,
      home: null,
      account: reading.account ?? null,
      isSystemAccount: reading.isSystemAccount ?? false,
      siblings: lines.length,
    });
  }
  return lines.length;
}
