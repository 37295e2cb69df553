/** Lines longer than this many characters are cut, after their blanks were drawn together. */
export const LONGEST_LINE = 4096;

export interface NumberedLine {
  /** As it stands in the file. */
  readonly whole: string;
  /** What is to be looked at. */
  readonly line: string;
  /** From 1. */
  readonly number: number;
  /** Something of it was left out: nobody can say from `line` what it does. */
  readonly isCut: boolean;
}

/**
 * Every line of a file, so that what is found can be pointed at. None is left out, however many there are: thousands of
 * empty ones are a cheap way to hide the one after them. So are thousands of blanks within a line, which become one, and
 * NULs, which shells pass over.
 */
export function* numberedLines(text: string): Generator<NumberedLine> {
  let number = 0;
  for (const whole of text.split('\n')) {
    number += 1;
    let line = whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
    if (line.length > LONGEST_LINE) line = line.replace(/[ \t]{2,}/g, ' ');
    const isCut = line.length > LONGEST_LINE;
    yield { whole, line: isCut ? line.slice(0, LONGEST_LINE) : line, number, isCut };
  }
}
