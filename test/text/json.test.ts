import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHostBytes } from '../../src/text/host-bytes.ts';
import { safeJson } from '../../src/text/json.ts';
import { isSecretName, redact } from '../../src/text/redact.ts';

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

test('looking only once whether there is a secret at all misses none of them', () => {
  const secrets = fc.constantFrom(
    'AKIAIOSFODNN7EXAMPLE',
    'smbclient\n-U ana%hunter2',
    'x\t--user=ana%hunter2',
    'a\v-U ana%hunter2',
    'password: hunter2',
    'mysql -u a -phunter2',
    '"auth": "YWJjZGVmZ2g="',
    'requirepass hunter2',
    'http://a:hunter2@b/',
    '$6$abcdefgh$ijklmnopqrst',
    'Bearer abcdefghijklmnopqrstuvwx',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    secrets,
    fc.tuple(fc.string(), secrets).map(([a, b]) => `${a} ${b}`),
  );
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom('DB_PASSWORD', 'api-key', 'clientSecret', 'credentials'),
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.oneof(texts, fc.array(texts))), (value) => {
      const slow = JSON.stringify(value, (name, inner) =>
        typeof inner !== 'string' || inner === ''
          ? inner
          : isSecretName(name) && !inner.startsWith('[redacted ')
            ? '[redacted password]'
            : redact(inner),
      );
      expect(JSON.parse(safeJson(value))).toEqual(JSON.parse(slow));
    }),
  );
});
