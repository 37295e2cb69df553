import type { EditFile } from '../../../operations/operation.ts';
import type { ReloadName } from '../../../operations/reloads.ts';

/** A way in that a service's configuration leaves open, and the edit that closes it. */
export interface EntryReading {
  /** What is open, in a few words; with the file's name it names the finding. */
  readonly what: string;
  /** 1-based; null: the setting is missing and the default leaves it open. */
  readonly line: number | null;
  /** As it is set. Never a secret. */
  readonly value: string;
  /** Where it would listen; it weighs more if something does. */
  readonly port: number | null;
  /** Anybody who reaches the port is in: no password, no key. */
  readonly isOpenToAll: boolean;
  readonly advice: string;
  readonly edit?: Pick<EditFile, 'removeLines' | 'replaceLines' | 'insertLines'>;
}

/** From the lines of a configuration to what it leaves open. Pure. */
export type EntryReader = (lines: readonly string[]) => readonly EntryReading[];

export interface EntryPlace {
  /** A part of a path may be `*`. */
  readonly path: string;
  readonly read: EntryReader;
  /** What must read the file again. */
  readonly reload: readonly ReloadName[];
}

/** An edit that puts another text in the place of a line. */
export function replacing(lines: readonly string[], index: number, text: string): Pick<EntryReading, 'edit'> {
  const line = { number: index + 1, text: lines[index] ?? '' };
  return { edit: { removeLines: [], replaceLines: [{ line, text }] } };
}

/**
 * An edit that adds a line at the end, where the last word counts; null below an empty file. `madeUp`: a password that is
 * made on the host ends the line.
 */
export function appending(
  lines: readonly string[],
  text: string,
  more: { readonly madeUp?: true } = {},
): Pick<EntryReading, 'edit'> {
  const last = lines.length === 0 ? null : { number: lines.length, text: lines.at(-1) ?? '' };
  return { edit: { removeLines: [], insertLines: [{ below: last, text, ...more }] } };
}
