/** Characters that every terminal gives one column, first and last of each range. */
const ONE: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x2ff],
  [0x391, 0x3a1],
  [0x3a3, 0x482],
  [0x48a, 0x52f],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2190, 0x22ff],
  [0x23ce, 0x23ce],
  [0x2500, 0x25fc],
  [0x25ff, 0x25ff],
  [0x270e, 0x270e],
  [0x2714, 0x2714],
  [0x2718, 0x2718],
  [0x276f, 0x276f],
  [0x2800, 0x28ff],
];

/** Those that every terminal gives two: kana, ideographs, hangul syllables, full-width forms. */
const TWO: readonly (readonly [number, number])[] = [
  [0x3041, 0x3096],
  [0x30a0, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
];

/**
 * The columns of a character where all terminals agree on them; null where they do not, or where it joins with
 * its neighbours (combining marks, emoji and their sequences, what is not assigned).
 */
export function sureWidth(code: number): 1 | 2 | null {
  if (code >= 0x20 && code <= 0x7e) return 1;
  if (isIn(ONE, code)) return 1;
  return isIn(TWO, code) ? 2 : null;
}

function isIn(ranges: readonly (readonly [number, number])[], code: number): boolean {
  return ranges.some(([first, last]) => code >= first && code <= last);
}
