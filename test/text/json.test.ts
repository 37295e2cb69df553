import { expect, test } from 'vitest';
import { decodeHostBytes } from '../../src/text/host-bytes.ts';
import { safeJson } from '../../src/text/json.ts';

test('nothing of it acts on a terminal and nothing is lost', () => {
  const value = { title: '\x1b[2J\u009b\u202e\x7fé🦠', raw: decodeHostBytes(Uint8Array.of(0xff)) };
  const text = safeJson(value);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text)).toEqual(value);
});

test('secrets go, by how they look and by the name they stand under', () => {
  const value = {
    environment: { DB_PASSWORD: 'hunter2' },
    secretNames: ['A'],
    hasPassword: true,
    line: 'token=abcdef',
  };
  expect(JSON.parse(safeJson(value))).toEqual({
    environment: { DB_PASSWORD: '[redacted password]' },
    secretNames: ['A'],
    hasPassword: true,
    line: 'token=[redacted password]',
  });
});
