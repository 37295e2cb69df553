import type { ObservedLine } from '../../findings/observation.ts';
import type { ScanScope } from '../../findings/scan.ts';
import { type EntryFile, entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, readLines } from './look.ts';
import type { Ownership } from './owning.ts';

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

const MOST_LINES = 20_000;
const LONGEST_LINE = 16_384;

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
  const lines = (readLines(look, of.scope, file.file.path) ?? []).slice(0, MOST_LINES);
  const repeats = new Map<string, number>();
  lines.forEach((text, index) => {
    if (text.length > LONGEST_LINE) return;
    const reading = read(text, index, file);
    if (reading === null) return;
    const repeat = repeats.get(text) ?? 0;
    repeats.set(text, repeat + 1);
    gathered.lines.push({
      ...file,
      role: of.role,
      line: { number: index + 1, text },
      details: { ...reading.details, ...(repeat > 0 ? { repeat: String(repeat) } : {}) },
      command: reading.command ?? null,
      home: null,
      account: reading.account ?? null,
      isSystemAccount: reading.isSystemAccount ?? false,
      siblings: lines.length,
    });
  });
  return lines.length;
}
