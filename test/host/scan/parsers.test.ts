import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuthorizedKey } from '../../../src/host/scan/authorized-key.ts';
import { type BoltBucket, openBolt } from '../../../src/host/scan/containers/bolt-database.ts';
import { parseCrontab } from '../../../src/host/scan/crontab.ts';
import { parseHostsLine } from '../../../src/host/scan/hosts-file.ts';
import { parseInstalled } from '../../../src/host/scan/ownership-apk.ts';
import { parseApk, parseApt } from '../../../src/host/scan/packages.ts';
import { parseDnf } from '../../../src/host/scan/packages-dnf.ts';
import { parseUpdates, parseUpgrades } from '../../../src/host/scan/packages-zypper.ts';
import { isSystemAccount, isUsableHash, parsePasswd, parseShadow } from '../../../src/host/scan/passwd.ts';
import { formatIpv6, parseSockets, readSockets } from '../../../src/host/scan/proc-net.ts';
import { parseProcessStat } from '../../../src/host/scan/proc-stat.ts';
import { parseUnitFile } from '../../../src/host/scan/unit-file.ts';
import { publicKey } from './tree.ts';

const lines = fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 20 });

describe('crontab', () => {
  it('reads fields, users, settings, `@` names and the end of a command at %', () => {
    const text = [
      'PATH=/bin',
      '# no',
      '',
      '*/5 1-3 * * mon root echo 50\\% off%stdin',
      '@reboot ann /bin/x',
      '- * * * * * a b',
      '0 0 * * *',
    ];
    expect(
      parseCrontab(text, true).map(({ line, schedule, user, command }) => [line, schedule, user, command]),
    ).toEqual([
      [4, '*/5 1-3 * * mon', 'root', 'echo 50% off'],
      [5, '@reboot', 'ann', '/bin/x'],
    ]);
    expect(parseCrontab(['\t* * * * *  curl x | sh  '], false)[0]).toMatchObject({
      user: null,
      command: 'curl x | sh',
    });
  });

  it('gives back the very line it read, whatever the file holds', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (text, hasUser) => {
        for (const entry of parseCrontab(text, hasUser)) expect(text[entry.line - 1]).toBe(entry.text);
      }),
    );
  });

  it('finds any command behind any five fields', () => {
    const field = fc.constantFrom('*', '*/5', '1-3', '0', 'mon', '1,2');
    const command = fc.stringMatching(/^[a-z/][a-z /.-]{0,40}[a-z]$/);
    fc.assert(
      fc.property(fc.array(field, { minLength: 5, maxLength: 5 }), command, (fields, text) => {
        expect(parseCrontab([`${fields.join(' ')} ${text}`], false)[0]?.command).toBe(text);
      }),
    );
  });
});

describe('unit files', () => {
  it('joins lines, resets by an empty assignment, strips prefixes, and the name after an @, and splits the environment', () => {
    const unit = parseUnitFile([
      '[Service]',
      'ExecStart=/bin/old',
      'ExecStart=',
      'ExecStart=-@/bin/sh sh \\',
      '# between',
      ' -c "x"',
      'Environment=A=1 "LD_PRELOAD=/tmp/a b.so"',
      ' Restart = always',
    ]);
    expect(unit.commands).toEqual(['/bin/sh  -c "x"']);
    expect(unit.environment).toEqual(['A=1', 'LD_PRELOAD=/tmp/a b.so']);
    expect(unit.restart).toBe('always');
  });

  it('never fails', () => {
    fc.assert(fc.property(lines, (text) => parseUnitFile(text) !== null));
  });
});

describe('passwd and shadow', () => {
  it('keeps every account beside lines that an intruder spoiled', () => {
    const accounts = parsePasswd([
      'root:x:0:0:root:/root:/bin/bash',
      'broken',
      '::::',
      'toor:$6$x:0:0::/:/bin/sh ',
      'www:x:33:33::/var/www:/usr/sbin/nologin',
    ]);
    expect(accounts.map(({ name, uid, line }) => [name, uid, line])).toEqual([
      ['root', 0, 1],
      ['toor', 0, 4],
      ['www', 33, 5],
    ]);
    expect(accounts.map(isSystemAccount)).toEqual([false, false, true]);
  });

  it('tells a password that can be used from one that is locked', () => {
    expect([...parseShadow(['a:$6$x$y:1', 'b:!$6$x$y:1', 'c:*:1', 'd::1'])]).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', false],
    ]);
    expect(isUsableHash('x')).toBe(false);
  });

  it('never fails', () => {
    fc.assert(
      fc.property(lines, (text) => parsePasswd(text).every(({ line }) => line >= 1 && line <= text.length)),
    );
  });
});

describe('authorized_keys', () => {
  it('reads options with blanks and quotes in them', () => {
    const key = parseAuthorizedKey(`command="echo \\"a b\\"",no-pty ${publicKey('a')} who knows`);
    expect(key).toMatchObject({
      options: 'command="echo \\"a b\\"",no-pty',
      type: 'ssh-ed25519',
      comment: 'who knows',
    });
    expect(key?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it('passes over comments, half keys and anything else', () => {
    for (const line of ['', '# x', 'ssh-rsa', 'ssh-rsa AAAA', 'hello world'])
      expect(parseAuthorizedKey(line)).toBeNull();
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => parseAuthorizedKey(line) === null));
  });
});

describe('/proc/PID/stat', () => {
  it('finds the start time behind any name, also one with `) (` in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 15 }), fc.bigInt({ min: 0n, max: 2n ** 60n }), (name, start) => {
        const tail = ` S 1 7 7 0 -1 4194560 1 2 3 4 10 20 0 0 20 0 1 0 ${start} 5 6`;
        const stat = parseProcessStat(Buffer.concat([Buffer.from('42 ('), name, Buffer.from(`)${tail}\n`)]));
        expect(stat).toMatchObject({
          startTicks: String(start),
          parentPid: 1,
          sessionId: 7,
          cpuTicks: 30,
          isKernelThread: false,
        });
      }),
    );
    expect(
      parseProcessStat(Buffer.from('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0'))
        ?.isKernelThread,
    ).toBe(true);
  });

  it('says nothing of what is no such line', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => parseProcessStat(Buffer.from(bytes)) === null || true));
    expect(parseProcessStat(Buffer.from(''))).toBeNull();
    expect(parseProcessStat(Buffer.from('1 (a'))).toBeNull();
  });
});

describe('/proc/net', () => {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

  it('reads both families, and IPv4 inside of IPv6', () => {
    const text = `${head}   0: 0A7100CB:9C40 097100CB:0D05 01 00000000:00000000 00:00000000 00000000     0        0 4711 1\n   1: 0000000000000000FFFF00000A7100CB:0016 0000000000000000FFFF0000046433C6:C350 01 0:0 0:0 0 0 0 4712 1\n   2: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4713 1\n`;
    expect(parseSockets(text)).toEqual([
      {
        localAddress: '203.0.113.10',
        localPort: 40_000,
        remoteAddress: '203.0.113.9',
        remotePort: 3333,
        state: 'established',
        inode: '4711',
      },
      {
        localAddress: '203.0.113.10',
        localPort: 22,
        remoteAddress: '198.51.100.4',
        remotePort: 50_000,
        state: 'established',
        inode: '4712',
      },
      {
        localAddress: '2001:db8::1',
        localPort: 80,
        remoteAddress: '::',
        remotePort: 0,
        state: 'listening',
        inode: '4713',
      },
    ]);
  });

  it('reads a table to its end, whatever part of a page its last lines fill', async () => {
    const servers: Server[] = [];
    try {
      for (let count = 1; count <= 64; count += 1) {
        const server = createServer().listen(0, '127.0.0.1');
        servers.push(server);
        await once(server, 'listening');
        const seen = new Set(readSockets('/proc/net/tcp').map(({ localPort }) => localPort));
        expect(servers.every((one) => seen.has((one.address() as AddressInfo).port))).toBe(true);
      }
    } finally {
      for (const server of servers) server.close();
    }
  });

  it('writes any IPv6 address so that it reads back as the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = formatIpv6(bytes);
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });

  it('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseSockets(text))));
  });
});

describe('other lists', () => {
  it('reads hosts lines', () => {
    expect(parseHostsLine('0.0.0.0\tA.example  b # c')).toEqual({
      address: '0.0.0.0',
      names: ['a.example', 'b'],
    });
    expect(parseHostsLine('# 1.2.3.4 x')).toBeNull();
    expect(parseHostsLine('1.2.3.4')).toBeNull();
  });

  it('reads what apt, dnf and apk say is waiting', () => {
    const apt =
      'NOTE\nInst openssl [3.0.15-1] (3.0.16-1 Debian-Security:12/stable-security [amd64])\nInst new (1.0 Debian:12 [amd64])\nConf openssl (3.0.16-1 x [amd64])\n';
    expect(parseApt(apt)).toMatchObject([
      { name: 'openssl', installed: '3.0.15-1', available: '3.0.16-1', isSecurity: true },
    ]);
    expect(parseDnf('Available Upgrades\nopenssl.x86_64    1:3.0.7-28.el9    baseos\n')).toMatchObject([
      { name: 'openssl', available: '1:3.0.7-28.el9' },
    ]);
    expect(parseApk('Installed: Available:\nbusybox-1.36.1-r5   < 1.36.1-r7 \n')).toMatchObject([
      { name: 'busybox', installed: '1.36.1-r5', available: '1.36.1-r7' },
    ]);
  });

  it('reads what zypper says is waiting, whichever way its version writes it', () => {
    const updates = `<?xml version='1.0'?><stream><message type="info">Reading installed packages...</message>
<update-status version="0.6"><update-list>
<update kind="package" name="bash" edition="5.3.15-8.1" arch="x86_64" edition-old="5.3.15-7.1"><summary>A &lt;shell&gt;</summary><source url="http://a/" alias="repo-oss"/></update>
<update name='libstdc++6' edition='13.3-1' kind='package' edition-old='13.2-1' />
<update type="package" name="curl" edition="8.21.0-1.1"/>
<update kind="patch" name="openSUSE-2026-1" edition="1"/></update-list></update-status></stream>`;
    expect(parseUpdates(updates)).toMatchObject([
      { manager: 'zypper', name: 'bash', installed: '5.3.15-7.1', available: '5.3.15-8.1' },
      { name: 'libstdc++6', installed: '13.2-1', available: '13.3-1' },
      { name: 'curl', installed: '', available: '8.21.0-1.1' },
    ]);
    const planned = `<stream><install-summary packages-to-change="2"><to-upgrade>
<solvable type="package" name="bash" edition="2" edition-old="1"/><solvable kind="patch" name="x" edition="1"/></to-upgrade>
<to-install><solvable type="package" name="new" edition="1"/></to-install></install-summary></stream>`;
    expect([...parseUpgrades(planned)]).toEqual(['bash']);
    expect(parseUpdates('<update <update kind=')).toEqual([]);
  });

  it('reads the database of apk', () => {
    const known = parseInstalled(
      'P:busybox\nF:bin\nR:busybox\nZ:Q1abc=\nF:etc\nR:securetty\n\nP:musl\nF:lib\nR:ld\n',
    );
    expect(known).toEqual([
      { path: '/bin/busybox', owner: 'busybox', digest: null },
      { path: '/etc/securetty', owner: 'busybox', digest: null },
      { path: '/lib/ld', owner: 'musl', digest: null },
    ]);
  });
});

describe('a database of bolt', () => {
  const whole = gunzipSync(readFileSync(new URL('fixtures/containerd-meta.db.gz', import.meta.url)));
  const keys = (bytes: Buffer): string[] => [...walk(openBolt(bytes))];
  function* walk(bucket: BoltBucket): Generator<string> {
    for (const entry of bucket.entries()) {
      yield entry.key;
      if ('bucket' in entry) yield* walk(entry.bucket);
    }
  }

  it('is read as containerd wrote it, without what was removed', () => {
    expect(keys(whole)).toEqual(
      expect.arrayContaining(['v1', 'k8s.io', 'containers', 'miner', 'wide', 'web']),
    );
    expect(keys(whole).filter((key) => key.startsWith('gone'))).toEqual([]);
  });

  it('that is cut, altered or none gives an error that is expected, and an end', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(changes, fc.nat({ max: whole.length }), (changed, length) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        for (const [at, byte] of changed) if (at < length) bytes[at] = byte;
        try {
          keys(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
