import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  changeLines,
  countLines,
  type LineChanges,
  whyNoChange,
} from '../../../src/host/perform/change-lines.ts';
import { decodeHostBytes } from '../../../src/text/host-bytes.ts';

const line = fc.oneof(
  fc.constantFrom('', ' ', '# comment', '* * * * * curl x | sh', 'same', 'same', '\ttab', 'ünï', '\u2028'),
  fc
    .uint8Array({ maxLength: 12 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)).toString('latin1')),
);
const end = fc.constantFrom('\n', '\n', '\r\n');
const file = fc.array(fc.tuple(line, end), { maxLength: 20 }).chain((lines) =>
  fc.boolean().map((isCut) => {
    const last = lines.length - 1;
    return lines.map(([text, lineEnd], index) =>
      Buffer.from(
        text + (isCut && index === last && !/^$|\r$/.test(text) ? '' : lineEnd),
        index % 2 === 0 ? 'latin1' : 'utf8',
      ),
    );
  }),
);

/** The text of a line as a scan gives it, with or without the CR of a CRLF. */
function textOf(bytes: Buffer, withCr: boolean): string {
  let length = bytes.length;
  if (bytes[length - 1] === 0x0a) length -= 1;
  if (!withCr && bytes[length - 1] === 0x0d) length -= 1;
  return decodeHostBytes(bytes.subarray(0, length));
}

test('what is not removed stays byte for byte, whatever the lines are and however they end', () => {
  fc.assert(
    fc.property(file, fc.infiniteStream(fc.boolean()), fc.boolean(), (lines, choose, withCr) => {
      const gone = lines.map(() => choose.next().value === true);
      const refs = lines.flatMap((bytes, index) =>
        gone[index] ? [{ number: index + 1, text: textOf(bytes, withCr) }] : [],
      );
      const removed = changeLines(Buffer.concat(lines), { removeLines: refs });
      const expected = Buffer.concat(lines.filter((_, index) => !gone[index]));
      expect(removed.status === 'changed' && Buffer.compare(Buffer.from(removed.bytes), expected)).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('a line that is elsewhere, or has another text, is stale', () => {
  fc.assert(
    fc.property(file, fc.nat(25), fc.string({ maxLength: 5 }), (lines, index, more) => {
      const bytes = lines[index];
      const text = bytes === undefined ? more : `${textOf(bytes, true)}!${more}`;
      expect(changeLines(Buffer.concat(lines), { removeLines: [{ number: index + 1, text }] }).status).toBe(
        'stale',
      );
    }),
  );
});

test('a NUL in a line is a byte like any other', () => {
  const bytes = Buffer.from('keep\0\0\nevil\0\nkeep');
  const removed = changeLines(bytes, { removeLines: [{ number: 2, text: 'evil\0' }] });
  expect(removed).toEqual({ status: 'changed', bytes: Buffer.from('keep\0\0\nkeep') });
});

test('lines with the same text are counted', () => {
  expect(countLines(Buffer.from('a\nb\na\r\na'), 'a')).toBe(3);
});

describe('replacing and inserting', () => {
  const change = (text: string, changes: Partial<LineChanges>) => {
    const changed = changeLines(Buffer.from(text, 'latin1'), { removeLines: [], ...changes });
    if (changed.status === 'stale') throw new Error(changed.what);
    return Buffer.from(changed.bytes).toString('latin1');
  };
  const at = (number: number, text: string) => ({ number, text });

  it.each([
    [
      'keeps the line end of what it replaces',
      'a\r\nb\r\n',
      { replaceLines: [{ line: at(1, 'a'), text: 'x' }] },
      'x\r\nb\r\n',
    ],
    [
      'keeps that the last line has none',
      'a\nb',
      { replaceLines: [{ line: at(2, 'b'), text: 'x' }] },
      'a\nx',
    ],
    [
      'puts a line below another with its line end',
      'a\r\nb\r\n',
      { insertLines: [{ below: at(1, 'a'), text: 'x' }] },
      'a\r\nx\r\nb\r\n',
    ],
    ['puts a line at the top', 'a\nb\n', { insertLines: [{ below: null, text: 'x' }] }, 'x\na\nb\n'],
    [
      'ends the last line only as far as the next one needs it',
      'a\nb',
      { insertLines: [{ below: at(2, 'b'), text: 'x' }] },
      'a\nb\nx',
    ],
    ['the same with CRLF', 'a\r\nb', { insertLines: [{ below: at(2, 'b'), text: 'x' }] }, 'a\r\nb\r\nx'],
    [
      'fills an empty file',
      '',
      {
        insertLines: [
          { below: null, text: 'x' },
          { below: null, text: 'y' },
        ],
      },
      'x\ny\n',
    ],
    [
      'puts several below one in their order',
      'a\n',
      {
        insertLines: [
          { below: at(1, 'a'), text: 'x' },
          { below: at(1, 'a'), text: 'y' },
        ],
      },
      'a\nx\ny\n',
    ],
    [
      'counts the lines as they were',
      'a\nb\nc\n',
      {
        removeLines: [at(1, 'a')],
        replaceLines: [{ line: at(2, 'b'), text: 'B' }],
        insertLines: [{ below: at(3, 'c'), text: 'd' }],
      },
      'B\nc\nd\n',
    ],
    [
      'puts a line where one is taken away',
      'a\nb\n',
      { removeLines: [at(1, 'a')], insertLines: [{ below: at(1, 'a'), text: 'x' }] },
      'x\nb\n',
    ],
    [
      'leaves bytes that are no UTF-8 as they are',
      '\xff\xfe\nb\n',
      { replaceLines: [{ line: at(2, 'b'), text: 'x' }] },
      '\xff\xfe\nx\n',
    ],
  ])('%s', (_what, before, changes, after) => {
    expect(change(before, changes)).toBe(after);
  });

  it('gives back every other line byte for byte, whatever is replaced and inserted', () => {
    fc.assert(
      fc.property(file, fc.infiniteStream(fc.nat(3)), (lines, choose) => {
        const what = lines.map(() => choose.next().value);
        const ref = (index: number) => at(index + 1, textOf(lines[index] ?? Buffer.alloc(0), true));
        const numbers = lines.map((_, index) => index);
        const changes = {
          removeLines: numbers.filter((index) => what[index] === 1).map(ref),
          replaceLines: numbers
            .filter((index) => what[index] === 2)
            .map((index) => ({ line: ref(index), text: 'REPLACED' })),
          insertLines: numbers
            .filter((index) => what[index] === 3)
            .map((index) => ({ below: ref(index), text: 'INSERTED' })),
        };
        const changed = changeLines(Buffer.concat(lines), changes);
        if (changed.status === 'stale') throw new Error(changed.what);
        const left = linesOf(Buffer.from(changed.bytes)).filter(
          (one) => !/^(?:REPLACED|INSERTED)$/.test(one),
        );
        const kept = lines.filter((_, index) => what[index] === 0 || what[index] === 3);
        expect(left).toEqual(kept.map((bytes) => withoutEnd(bytes)));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses what makes no sense', () => {
    expect(whyNoChange({ removeLines: [] })).toContain('no line');
    expect(
      whyNoChange({ removeLines: [at(1, 'a')], replaceLines: [{ line: at(1, 'a'), text: 'x' }] }),
    ).toContain('twice');
    expect(whyNoChange({ removeLines: [], insertLines: [{ below: null, text: 'a\nb' }] })).toContain(
      'line break',
    );
  });
});

/** Lines as latin-1, without their ends. */
function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((one) => one.replace(/\r$/, ''));
}

function withoutEnd(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/\n$/, '').replace(/\r$/, '');
}
