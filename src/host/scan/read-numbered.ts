import type { ScanScope } from '../../findings/scan.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { LONGEST_LINE, type NumberedLine, numberedLines } from '../../text/numbered-lines.ts';
import { type Look, readBytes } from './look.ts';

/** Nobody’s settings are longer, and each line that says something is kept with all that is known of its file. */
const MOST_LINES = 20_000;

/**
 * Lines of a settings file that are not blank, each with its number.
 * null if the file is missing or no regular file. What was too much to be looked at is noted.
 */
export function readNumbered(look: Look, scope: ScanScope, path: string): NumberedLine[] | null {
  const file = readBytes(look, scope, path);
  if (file === null) return null;
  const text = decodeHostBytes(file.bytes);
  noteCuts(look, scope, path, text, file.isCut);
  const lines: NumberedLine[] = [];
  for (const line of numberedLines(text)) {
    if (line.line.trim() === '') continue;
    if (lines.length === MOST_LINES) {
      const reason = `it has more than ${MOST_LINES} lines; nothing after line ${line.number} was looked at`;
      look.unknowns.push({ scope, what: path, reason });
      break;
    }
    lines.push(line);
  }
  return lines;
}

/** Notes what of a text is not looked at because there is too much of it. */
export function noteCuts(look: Look, scope: ScanScope, path: string, text: string, isCut: boolean): void {
  const note = (reason: string): void => void look.unknowns.push({ scope, what: path, reason });
  if (isCut) note('it is larger than 1 MiB; only its beginning was looked at');
  if (!text.split('\n').some((line) => line.length > LONGEST_LINE)) return;
  for (const { number, line, isCut: isLineCut } of numberedLines(text)) {
    if (!isLineCut || /^\s*#/.test(line)) continue;
    note(`line ${number} is longer than ${LONGEST_LINE} characters; only its beginning was looked at`);
    break;
  }
}
