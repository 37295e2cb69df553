import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHostBytes, decodeHostLatin1, encodeHostBytes } from '../../src/text/host-bytes.ts';

test('bytes come through as they are, also by way of latin-1', () => {
  const valid = fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text.toWellFormed()));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), valid), (bytes) => {
      const text = decodeHostBytes(bytes);
      expect(Buffer.from(encodeHostBytes(text))).toEqual(Buffer.from(bytes));
      expect(decodeHostLatin1(Buffer.from(bytes).toString('latin1'))).toBe(text);
    }),
  );
});
