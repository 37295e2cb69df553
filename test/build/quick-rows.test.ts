import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import Output from '../../node_modules/ink/build/output.js';
import { quickClean, quickFrame } from '../../src/quick-rows.mjs';
import { parseGrid } from '../../src/tui/stage/grid.ts';

/** As the bundle has it: get() under another name. */
class WholeOutput extends Output {
  whole() {
    return this.get();
  }
}

interface Write {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly isBold: boolean;
}

const PIECES = [
  'a',
  ' ',
  '│',
  '✔ done',
  '\u001b[36m',
  '\u001b[1;31m',
  '\u001b[0m',
  '漢',
  '👍🏽',
  'é',
  '\u001b[7m',
];
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join(''));
/** Mostly what our screens are: one text a row from the first column. */
const writes: fc.Arbitrary<readonly Write[]> = fc.array(
  fc.record({
    x: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
    y: fc.nat(6),
    text: fc.oneof(
      { weight: 8, arbitrary: texts },
      { weight: 1, arbitrary: texts.map((text) => `${text}\nb`) },
    ),
    isBold: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
  }),
  { maxLength: 6 },
);

function outputOf(all: readonly Write[], width: number): WholeOutput {
  const output = new WholeOutput({ width, height: 6 });
  for (const { x, y, text, isBold } of all) {
    const transform = (line: string) => (isBold ? `\u001b[1m${line}\u001b[22m` : line);
    output.write(x, y, text, { transformers: [transform] });
  }
  return output;
}

describe('quickFrame', () => {
  it('shows the cells that Ink shows, or leaves the frame to Ink', () => {
    let quick = 0;
    fc.assert(
      fc.property(writes, fc.constantFrom(8, 20), (all, width) => {
        const frame = quickFrame(outputOf(all, width));
        if (frame === null) return;
        quick += 1;
        const whole = outputOf(all, width).get();
        expect(frame.height).toBe(whole.height);
        // Blanks at the end of a row are no matter: what is behind it is blank as well.
        expect(cellsOf(frame.output, width)).toEqual(cellsOf(whole.output, width));
      }),
      { numRuns: 1000 },
    );
    expect(quick).toBeGreaterThan(100);
  });

  it('gives the same for the same rows, whether they were known or not', () => {
    const all = [{ x: 0, y: 1, text: '\u001b[36m│\u001b[0m ✔ Look', isBold: false }];
    expect(quickFrame(outputOf(all, 20))).toEqual(quickFrame(outputOf(all, 20)));
    // A narrower screen cuts what a wider one showed.
    expect(quickFrame(outputOf(all, 30))?.output).toBe(quickFrame(outputOf(all, 20))?.output);
  });

  it('leaves to Ink what is laid over something else', () => {
    const row = { x: 0, y: 0, text: 'one', isBold: false };
    expect(quickFrame(outputOf([row, { ...row, text: 'two' }], 20))).toBeNull();
    expect(quickFrame(outputOf([{ ...row, x: 2 }], 20))).toBeNull();
    const clipped = outputOf([row], 20);
    clipped.clip({ x1: 0, x2: 1, y1: undefined, y2: undefined });
    expect(quickFrame(clipped)).toBeNull();
  });
});

describe('quickClean', () => {
  it('asks once for each text', () => {
    const asked: string[] = [];
    const clean = (text: string) => {
      asked.push(text);
      return text.toUpperCase();
    };
    expect([quickClean('a row', clean), quickClean('a row', clean)]).toEqual(['A ROW', 'A ROW']);
    expect(asked).toEqual(['a row']);
  });
});

function cellsOf(text: string, columns: number) {
  const grid = parseGrid(text, columns, 6);
  return grid?.rows.map(({ chars, styles, tail }) => [chars, styles.map(lookOf), tail.trimEnd()]) ?? text;
}

/** Ink writes the same looks in another order. */
function lookOf(style: string): string {
  return style.split(';').sort().join(';');
}
