import { quickWidth } from './quick-width.mjs';

/** Rows that are remembered: several screens' worth, so that what scrolls or flips back and forth is known as well. */
const MOST_KNOWN = 400;
/** Texts, by what Ink's own reading of them gave. */
const cleaned = new Map();
/** Rows, by their texts; of one width. */
const rows = new Map();
let width = -1;
const RESET = '\u001b[0m';

/**
 * Ink works out every cell of every frame anew, which is two thirds of what a key costs, while a key changes a row or
 * two. A frame that is nothing but rows of their own, each from the first column on and none over another, is put
 * together from remembered rows. The bundle asks this before Ink's own way (`output.whole()`), which makes each row that
 * is not known yet.
 * `output`: Ink's Output. Gives what its get() does; null where the frame is made otherwise.
 */
export function quickFrame(output) {
  const { operations, height } = output;
  if (output.width !== width || rows.size > MOST_KNOWN) {
    rows.clear();
    ({ width } = output);
  }
  const lines = new Array(height).fill('');
  const isTaken = new Array(height).fill(false);
  for (const { type, x, y, text, transformers } of operations) {
    if (type !== 'write' || x !== 0 || isTaken[y] !== false || text.includes('\n')) return null;
    // Ink gives each text one of these, also where it has nothing to do.
    if (transformers.some((transform) => transform(text, 0) !== text)) return null;
    isTaken[y] = true;
    lines[y] = rowOf(output, text);
  }
  return { output: lines.join('\n'), height };
}

function rowOf(output, text) {
  const known = rows.get(text);
  if (known !== undefined) return known;
  const row = isPlain(text) ? text : alone(output, text);
  rows.set(text, row);
  return row;
}

/** Nothing but signs of one column each and styles that end with the row: that is what Ink would make of it. */
function isPlain(text) {
  const columns = quickWidth(text);
  const last = text.lastIndexOf('\u001b');
  return columns !== null && columns <= width && (last < 0 || text.startsWith(RESET, last));
}

function alone(output, text) {
  const one = new output.constructor({ width, height: 1 });
  one.write(0, 0, text, { transformers: [] });
  return one.whole().output;
}

/** The same text again gives what it gave before. */
export function quickClean(text, clean) {
  const known = cleaned.get(text);
  if (known !== undefined) return known;
  if (cleaned.size > MOST_KNOWN) cleaned.clear();
  const result = clean(text);
  cleaned.set(text, result);
  return result;
}
