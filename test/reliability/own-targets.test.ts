import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryIdentifyFile } from '../../src/host/file-identity.ts';
import type { HostFacts, ResponderFacts } from '../../src/host/host.ts';
import { performers } from '../../src/host/perform/registry.ts';
import type { FileIdentity } from '../../src/operations/identity.ts';
import type { OperationKind, OperationTarget } from '../../src/operations/operation.ts';
import type { Receipt } from '../../src/operations/receipt.ts';
import { type Actor, makeStage, type Stage, startActor } from '../host/perform/stage.ts';
import { type Driver, openDriver } from '../support/driver.ts';
import { report } from '../support/length.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';

/**
 * What is the responder's own, put before every kind of operation that there is. The table has a row for each kind:
 * the compiler asks for one when a kind is added, and the first test does when the registry has more.
 */
const CONTAINER = 'c0ffee'.padEnd(64, '0');
const PEER = '198.51.100.77';

let stage: Stage;
let namespace: Namespace;
let driver: Driver;
/** The responder's shell: a program of its own, so that its file is nobody else's. */
let shell: Actor;
let responder: ResponderFacts;
let keys: string;
let keyLine: string;
let alias: string;

function identify(path: string): FileIdentity {
  const file = tryIdentifyFile(path);
  if (file instanceof Error) throw file;
  return file;
}

beforeAll(async () => {
  // The namespace has a /tmp of its own.
  stage = makeStage('/var/tmp');
  copyFileSync('/usr/bin/sleep', stage.path('shell'));
  execFileSync('chmod', ['755', stage.path('shell')]);
  shell = await startActor([stage.path('shell'), '300']);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ana', '-f', join(stage.root, 'key')]);
  keyLine = readFileSync(join(stage.root, 'key.pub'), 'utf8').trim();
  const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', join(stage.root, 'key.pub')], {
    encoding: 'utf8',
  }).split(' ')[1];
  keys = stage.path('authorized_keys');
  writeFileSync(keys, `# keys\n${keyLine}\nssh-ed25519 AAAAevil evil\n`, { mode: 0o600 });
  writeFileSync(stage.path('ssh.service'), '[Service]\nExecStart=/usr/sbin/sshd -D\n');
  alias = stage.path('sshd.service');
  symlinkSync('ssh.service', alias);
  // What the cgroup of a process under sshd's unit, in a container, looks like; seen in this namespace alone.
  namespace = await openNamespace(
    `printf '0::/docker/${CONTAINER}/system.slice/ssh.service\\n' >/run/cgroup\nmount --bind /run/cgroup /proc/${shell.identity.pid}/cgroup`,
  );
  driver = openDriver(namespace);
  responder = {
    peerAddress: PEER,
    peerPort: 50000,
    localPort: 22,
    account: 'root',
    uid: 0,
    protectedPids: [shell.identity.pid],
    keyFingerprint: fingerprint ?? null,
  };
}, 60_000);
afterAll(async () => {
  await driver?.kill();
  await namespace?.end();
  await shell?.end();
  stage?.end();
});

type Target<K extends OperationKind> = Extract<OperationTarget, { kind: K }>;
type Row<K extends OperationKind> =
  /** Each of these is refused as the responder's own. */
  | { readonly own: () => readonly Target<K>[] }
  /** It is done, and lets the responder through. */
  | { readonly spares: () => Target<K>; readonly by: (receipt: Receipt) => boolean }
  /** Nothing of the responder's can be its target; why. */
  | { readonly harmless: string };

const evilLine = { number: 3, text: 'ssh-ed25519 AAAAevil evil' };
const ROWS: { readonly [K in OperationKind]: Row<K> } = {
  'cloud-call': { harmless: 'a host refuses every one; the responder’s own access key is left: test/cloud/' },
  'run-command': { harmless: 'shown word for word before it is approved; nobody can know what it does' },
  'collect-process': { harmless: 'reads' },
  'archive-files': { harmless: 'reads' },
  'snapshot-volume': { harmless: 'adds a snapshot' },
  'reveal-process': { harmless: 'takes mounts away that lie over a folder of /proc' },
  'lift-isolation': { harmless: 'opens' },
  'disable-entry': { harmless: 'only Windows has such entries; refused here whatever it names' },
  'upgrade-packages': { harmless: 'packages replace files by rename; what runs goes on' },
  'reinstall-package': { harmless: 'puts back what the package has, by rename; what runs goes on' },
  'set-kernel-parameter': { harmless: 'settings of the kernel are no way in' },
  'replace-host-keys': { harmless: 'connections stand, and the new fingerprints are shown' },
  'freeze-process': {
    own: () => [
      { kind: 'freeze-process', process: shell.identity },
      { kind: 'freeze-process', process: initIdentity(), others: [] },
    ],
  },
  'kill-process': {
    own: () => [
      { kind: 'kill-process', process: shell.identity },
      // Whatever it calls itself: a process is its number and its start.
      { kind: 'kill-process', process: { ...shell.identity, name: 'xmrig', exePath: '/tmp/xmrig' } },
    ],
  },
  'end-session': { own: () => [{ kind: 'end-session', account: 'mallory', leader: shell.identity }] },
  'block-address': {
    own: () => [{ kind: 'block-address', address: PEER }],
  },
  'isolate-host': {
    spares: () => ({
      kind: 'isolate-host',
      allowedPeers: [],
      allowDns: false,
      confirmWithinMs: 60_000,
      mustReach: null,
      mustNotReach: null,
    }),
    by: (receipt) => JSON.stringify(receipt).includes(PEER),
  },
  'quarantine-file': {
    own: () => [
      { kind: 'quarantine-file', file: identify(keys) },
      { kind: 'quarantine-file', file: identify(stage.path('shell')) },
      { kind: 'quarantine-file', file: identify(hardLink()) },
      { kind: 'quarantine-file', file: identify(process.execPath) },
    ],
  },
  'edit-file': {
    own: () => [
      { kind: 'edit-file', file: identify(keys), removeLines: [{ number: 2, text: keyLine }] },
      {
        kind: 'edit-file',
        file: identify(keys),
        removeLines: [evilLine],
        replaceLines: [{ line: { number: 2, text: keyLine }, text: '# gone' }],
      },
    ],
  },
  'set-attributes': {
    own: () => [
      { kind: 'set-attributes', file: identify(stage.path('shell')), mode: 0o000 },
      { kind: 'set-attributes', file: identify(hardLink()), mode: 0o000 },
      { kind: 'set-attributes', file: identify(keys), mode: 0o000 },
      { kind: 'set-attributes', file: identify(keys), mode: 0o666 },
    ],
  },
  'disable-unit': {
    own: () => [
      { kind: 'disable-unit', unit: 'ssh.service', user: null, file: identify(stage.path('ssh.service')) },
      { kind: 'disable-unit', unit: 'sshd.service', user: null, file: identify(alias) },
    ],
  },
  'stop-container': {
    own: () => [
      {
        kind: 'stop-container',
        container: { runtime: 'docker', id: CONTAINER, name: 'miner', image: 'xmrig' },
      },
    ],
  },
  'lock-account': { own: () => [{ kind: 'lock-account', account: 'root', uid: 0 }] },
  'expire-password': { own: () => [{ kind: 'expire-password', account: 'root', uid: 0 }] },
};

/** Another name of the responder's shell. */
function hardLink(): string {
  const path = stage.path('another-name');
  try {
    linkSync(stage.path('shell'), path);
  } catch {
    // Made by an earlier row.
  }
  return path;
}

function initIdentity() {
  return { ...shell.identity, pid: 1 };
}

test('every kind of operation has a row', () => {
  expect(Object.keys(ROWS).sort()).toEqual(Object.keys(performers).sort());
});

describe("what is the responder's own is no target of", () => {
  const facts = (): Partial<HostFacts> => ({ responder, firewall: 'nft' });
  let tried = 0;
  afterAll(() =>
    report({
      suite: "the responder's own, before each kind of operation",
      runs: tried,
      faults: tried,
      lost: 0,
      escaped: 0,
    }),
  );

  test.for(Object.entries(ROWS) as [OperationKind, Row<OperationKind>][])('%s', async ([, row]) => {
    if ('harmless' in row) return;
    if ('spares' in row) {
      tried += 1;
      expect(row.by(await driver.ready(row.spares() as OperationTarget, facts()))).toBe(true);
      return;
    }
    for (const target of row.own()) {
      tried += 1;
      const prepared = await driver.prepare(target as OperationTarget, facts());
      expect(prepared, JSON.stringify(target)).toMatchObject({
        status: 'refused',
        refusal: { code: 'responder' },
      });
    }
  });

  test("kill-process: this very process, and the runner's parent", async () => {
    const own = await import('../../src/host/process-identity.ts');
    for (const pid of [process.pid, process.ppid]) {
      const identity = own.readProcess(pid)?.identity;
      if (identity === undefined) throw new Error('it has ended');
      const context = stage.context();
      const prepared = await performers['kill-process'].prepare(
        { kind: 'kill-process', id: 'a.1.1', because: [], process: identity },
        context,
      );
      expect(prepared).toMatchObject({ status: 'refused', refusal: { code: 'responder' } });
    }
  });
});
