/** Signs of our own screens that take one column each, as string-width has it (test/build/quick-width.test.ts). */
export const ONE_COLUMN_SIGNS = '─│┌┐└┘·…✔✘↷✎↶▶❯⏎↑↓←→▏█░×–—‘’“”▁▂▃▄▅▆▇';

const OTHER = new RegExp(`[^\\x20-\\x7e${ONE_COLUMN_SIGNS}]`);
const SGR = /\u001b\[[\d;]*m/g;

/**
 * The columns of a text of nothing but ASCII, our own signs and styles; null for any other. The bundle asks this before
 * string-width, whose tables of Unicode take longer to make than a first screen has.
 */
export function quickWidth(text) {
  const plain = text.includes('\u001b') ? text.replace(SGR, '') : text;
  return OTHER.test(plain) ? null : plain.length;
}
