import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeLines, countLines } from '../../../src/host/perform/change-lines.ts';
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
        text + (isCut && index === last && text !== '' ? '' : lineEnd),
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
