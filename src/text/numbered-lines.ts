/** Lines longer than this many characters are cut, after their blanks were drawn together. */
export const LONGEST_LINE = 4096;
/** In longer ones many blanks become one: what looks for the end of a value would go through them again and again. */
const ORDINARY = 256;

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
 * empty ones are a cheap way to hide the one after them. So are thousands of blanks within a line, which become one,
 * NULs, which shells pass over, and what a pattern takes for the end of a line though no program on the host does: a
 * carriage return, U+2028, U+2029, which become blanks.
 */
export function* numberedLines(text: string): Generator<NumberedLine> {
  let number = 0;
  for (const whole of text.split('\n')) {
    number += 1;
    let line = whole.replace(/[\0\r\u2028\u2029]/g, (one) => (one === '\0' ? '' : ' '));
    if (line.length > ORDINARY) line = line.replace(/[ \t]{2,}/g, ' ');
    const isCut = line.length > LONGEST_LINE;
    yield { whole, line: isCut ? line.slice(0, LONGEST_LINE) : line, number, isCut };
  }
}

export interface LogicalLine {
  readonly line: string;
  /** Every line of the file that is part of it: all of them go, or none. */
  readonly numbers: readonly number[];
}

/** The same, with lines that go on after a backslash made one. */
export function* logicalLines(text: string): Generator<LogicalLine> {
  let before = '';
  let numbers: number[] = [];
  for (const { line, number } of numberedLines(text)) {
    const whole = before + line;
    numbers.push(number);
    const end = /(?<!\\)(?:\\\\)*\\[ \t]*$/.exec(line);
    if (end !== null && !/^\s*#/.test(whole) && whole.length < LONGEST_LINE) {
      before = `${whole.slice(0, whole.trimEnd().length - 1)} `;
      continue;
    }
    yield { line: whole, numbers };
    before = '';
    numbers = [];
  }
  if (numbers.length > 0) yield { line: before, numbers };
}

/** The number of the line that a place in the text is on. To be asked of places in their order: what was passed is not counted again. */
export function lineCounter(text: string): (index: number) => number {
  let number = 1;
  let next = text.indexOf('\n');
  return (index) => {
    while (next >= 0 && next < index) {
      number += 1;
      next = text.indexOf('\n', next + 1);
    }
    return number;
  };
}
