import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { resetKeys } from '../../../src/actions/reset-keys.ts';
import { judgeMark } from '../../../src/findings/judge-mark.ts';
import type { ObservedConnection, ObservedProcess } from '../../../src/findings/observation.ts';
import { parseAuthorizedKey } from '../../../src/host/scan/authorized-key.ts';
import { gatherNothing } from '../../../src/host/scan/gathered.ts';
import { ageOf, fileAges } from '../../../src/host/scan/key-age.ts';
import { enumerateLoginSessions } from '../../../src/host/scan/login-sessions.ts';
import type { Look } from '../../../src/host/scan/look.ts';
import { makeProcess } from '../../support/incident-builder.ts';
import { makeTree, publicKey, scanTree } from './tree.ts';

const print = (letter: string) => parseAuthorizedKey(publicKey(letter))?.fingerprint ?? '';
const line = (at: string, letter: string, from: string) =>
  `${at} web-1 sshd[77]: Accepted publickey for root from ${from} port 50022 ssh2: ED25519 ${print(letter)}\n`;

async function details(entries: Parameters<typeof makeTree>[0], keyFingerprint: string | null = null) {
  const root = makeTree({
    '/root/.ssh/authorized_keys': ['a', 'b', 'c']
      .map((letter) => `${publicKey(letter)} ${letter}\n`)
      .join(''),
    ...entries,
  });
  const responder = {
    peerAddress: '198.51.100.4',
    peerPort: 1,
    localPort: 22,
    account: 'root',
    uid: 0,
    protectedPids: [],
    keyFingerprint,
  };
  const { findings } = await scanTree(root, { responder }, ['authorized-keys']);
  return Object.fromEntries(
    findings.flatMap(({ subject }) =>
      subject.kind === 'file-line' && subject.role === 'authorized-key'
        ? [[subject.details.comment, subject.details]]
        : [],
    ),
  );
}

test('each key says when and from where it was used last, by the newest log that has it; and which is yours', async () => {
  const keys = await details(
    {
      '/var/log/auth.log': line('2026-11-23T04:00:01.000000+00:00', 'a', '203.0.113.9'),
      '/var/log/auth.log.1':
        line('Nov 16 03:00:00', 'a', '203.0.113.1') + line('Nov 17 03:00:00', 'b', '192.0.2.7'),
    },
    print('b'),
  );
  expect(keys.a?.lastUsed).toBe('2026-11-23T04:00:01.000000+00:00 from 203.0.113.9 as root');
  expect(keys.b).toMatchObject({
    lastUsed: 'Nov 17 03:00:00 from 192.0.2.7 as root',
    yours: 'you came in with it',
  });
  expect(keys.c?.lastUsed).toBe('not in the logs that are kept');
  expect(keys.c).not.toHaveProperty('yours');
});

test('the first login is told from the last, through logs that were packed', async () => {
  const keys = await details({
    '/var/log/auth.log': line('2026-11-23T04:00:01+0000', 'a', '203.0.113.9'),
    '/var/log/auth.log.2.gz': { bytes: gzipSync(line('Nov  2 03:00:00', 'a', '203.0.113.1')) },
  });
  expect(keys.a).toMatchObject({
    lastUsed: '2026-11-23T04:00:01+0000 from 203.0.113.9 as root',
    firstUsed: 'Nov  2 03:00:00 from 203.0.113.1 as root',
  });
  expect(keys.a?.age).toMatch(
    /^since \d{4}-11-0[12]T\d\d:00:00Z at the latest: its first login that is logged; since when at the earliest is not known$/,
  );
});

test('the age of a key is bounded by its file, by old copies of it, and never more exact than that', async () => {
  const file = '/root/.ssh/authorized_keys';
  const root = makeTree({
    [file]: `${publicKey('a')} a\n${publicKey('b')} b\n`,
    [`${file}.bak`]: `${publicKey('a')} a\n`,
  });
  const look = { root, unknowns: [] } as unknown as Look;
  const none = { uses: new Map(), hasLog: false };
  const ages = fileAges(look, file);
  expect(ages.map(({ path }) => path)).toEqual([file, `${file}.bak`]);
  const at = (text: string) => Date.parse(text);
  const [own, copy] = ages as unknown as [(typeof ages)[0], (typeof ages)[0]];
  const changed = { ...own, bornMs: at('2026-11-01T00:00:00Z'), changedMs: at('2026-11-20T00:00:00Z') };
  const older = { ...copy, changedMs: at('2026-11-05T00:00:00Z') };
  expect(ageOf(print('a'), [changed, older], none)).toBe(
    `since 2026-11-05T00:00:00Z at the latest: ${file}.bak has it too; in this file not before 2026-11-01T00:00:00Z, when it was made`,
  );
  expect(ageOf(print('b'), [changed, older], none)).toBe(
    'since 2026-11-20T00:00:00Z at the latest: its file was changed then for the last time; in this file not before 2026-11-01T00:00:00Z, when it was made',
  );
  const anew = { ...changed, bornMs: changed.changedMs };
  expect(ageOf(print('b'), [anew], none)).toBe(
    'in this file since 2026-11-20T00:00:00Z, when it was made; before that not known',
  );
  expect(ageOf(print('b'), [{ ...changed, bornMs: null }], none)).toMatch(/at the earliest is not known$/);
});

test('without a log nothing is said of a use', async () => {
  expect((await details({})).a?.lastUsed).toBe('not known: no log of sshd');
});

const sshd = (pid: number, title: string, more: Partial<ObservedProcess> = {}): ObservedProcess => ({
  process: { ...makeProcess(pid, 'sshd'), exePath: '/usr/sbin/sshd' },
  parentPid: 1,
  uid: 0,
  owner: 'root',
  sessionId: pid,
  commandLine: [title],
  workingFolder: '/',
  cgroup: null,
  cpuPercent: null,
  isKernelThread: false,
  isProtected: false,
  sharesOurFiles: true,
  exe: '/usr/sbin/sshd',
  isDeleted: false,
  isMemfd: false,
  preload: null,
  startedAtMs: null,
  ...more,
});

test('logins of others are found with where they come from, yours is not, and a title alone is none', () => {
  const gathered = gatherNothing();
  gathered.processes.push(
    sshd(10, 'sshd: ann [priv]'),
    sshd(11, 'sshd: ann@pts/0'),
    sshd(12, 'sshd-session: root [priv]', { isProtected: true }),
    sshd(13, 'sshd: root [priv]', { process: { ...makeProcess(13, 'x'), exePath: '/tmp/x' } }),
  );
  const connection = { pid: 10, isIncoming: true, remoteAddress: '203.0.113.9' } as ObservedConnection;
  gathered.connections.push(connection);
  expect(enumerateLoginSessions({} as Look, gathered)).toBe(2);
  expect(gathered.marks.map(({ name }) => name)).toEqual(['ann is logged in from 203.0.113.9 (10)']);
  const finding = judgeMark(gathered.marks[0] as never, {} as never, (kind, key) => `${kind}:${key}`);
  expect(finding?.verdict).toBe('unknown');
  const plan = resetKeys.plan({
    chosen: finding === null ? [] : [finding],
    findings: [],
    parameters: {},
    facts: { responderAccount: 'root' } as never,
    command: null,
  });
  expect(plan.operations).toMatchObject([
    { target: { kind: 'end-session', account: 'ann', leader: { pid: 10 } } },
  ]);
});
