import { decodeHostBytes } from '../../text/host-bytes.ts';
import { printable } from '../../text/printable.ts';
import { redact } from '../../text/redact.ts';

/** A longer line is cut for showing; the file keeps it whole. */
const MOST_LINE_CHARACTERS = 16_384;

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/;
const KEY_END = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY/;
const KEY_BODY = /^[A-Za-z0-9+/=]{1,80}$/;

/**
 * Lines of output as they may be shown: escapes visible, secrets taken out, as many lines as before. A private
 * key spans lines, so what is shown must come with some lines before and after it. With `only`, all others are ''.
 */
export function showableLines(
  lines: readonly string[],
  only: ReadonlySet<number> | null = null,
): readonly string[] {
  const hidden = privateKeyLines(lines);
  return lines.map((line, index) => {
    if (only !== null && !only.has(index)) return '';
    if (hidden.has(index)) return '[redacted private key]';
    return printable(redact(line.slice(0, MOST_LINE_CHARACTERS).replace(/\r$/, '')), { keepNewlines: true });
  });
}

function privateKeyLines(lines: readonly string[]): ReadonlySet<number> {
  const hidden = new Set<number>();
  let isInside = false;
  for (const [index, line] of lines.entries()) {
    if (KEY_BEGIN.test(line)) isInside = true;
    if (isInside) hidden.add(index);
    if (!KEY_END.test(line)) continue;
    hidden.add(index);
    // The beginning may lie before what was read.
    for (let before = index - 1; before >= 0 && KEY_BODY.test(lines[before] ?? ''); before -= 1)
      hidden.add(before);
    isInside = false;
  }
  return hidden;
}

/** Whole lines of a piece of output; the last one is what stands after the last line end. */
export function linesOf(bytes: Uint8Array): readonly string[] {
  return decodeHostBytes(bytes).split('\n');
}
