import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { HOST_LIMITS } from '../../../src/host/limited-host.ts';
import { parseMounts } from '../../../src/host/mount-table.ts';
import { performers } from '../../../src/host/perform/registry.ts';
import type { OperationKind, OperationTarget } from '../../../src/operations/operation.ts';
import { CONTAINER_STAND_IN, containerId, plantContainers } from '../../reliability/planted-state.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { identifyWithin } from '../../support/identify-within.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';
import { hangingTools, letHang, stillHanging, toolsNamed, waitedMs } from './hanging-tools.ts';
import { DPKG } from './one-package.ts';
import { type Actor, startActor } from './stage.ts';

/**
 * Every tool of the host hangs, in every call of every kind of operation: before anything is done, while it is done, when it is
 * checked and when it is taken back. Each call has to come to an end by itself, before the host as a whole is given up
 * (host/limited-host.ts), say so, and leave nothing of the tool behind.
 */
const TIMERS = fileURLToPath(new URL('./quick-timers.mjs', import.meta.url));

let namespace: Namespace;
let host: Driver;
let actor: Actor;
beforeAll(async () => {
  namespace = await openNamespace(`${PRIVATE_ETC}\n${DPKG}\n${CONTAINER_STAND_IN}
mkdir -p /run/scene /etc/ssh /etc/systemd/system/multi-user.target.wants
for name in archive quarantine edit attributes; do printf 'first\\nsecond\\n' >/run/scene/$name; done
echo '[Service]' >/etc/systemd/system/miner.service
ln -s ../miner.service /etc/systemd/system/multi-user.target.wants/miner.service
printf '#!/bin/sh\\n[ "$2" = show ] && echo active\\nexit 0\\n' >/usr/bin/systemctl
echo 'not the real one' >/run/tq/bin/tq-ps
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
mkdir /tmp/volume; truncate -s 160M /tmp/disk
mkfs.btrfs -q /tmp/disk >/dev/null 2>&1
mount -o loop /tmp/disk /tmp/volume
${hangingTools(toolsNamed(['docker']))}`);
  plantContainers(
    (path, text) => {
      namespace.run(['mkdir', '-p', path.slice(0, path.lastIndexOf('/'))]);
      namespace.run(['tee', '-a', path], { input: text });
    },
    'x',
    'always',
    0,
  );
  host = openDriver(namespace, undefined, ['env', `NODE_OPTIONS=--import=${TIMERS}`]);
}, 60_000);
beforeEach(async () => {
  actor = await startActor(['/bin/sleep', '600']);
});
afterEach(async () => {
  letHang(namespace, false);
  // What was left is one row's fault and no other's.
  for (const pid of stillHanging()) process.kill(pid, 'SIGKILL');
  await actor?.end();
});
afterAll(async () => {
  await host?.kill();
  namespace?.shell('umount /tmp/volume');
  await namespace?.end();
});

const file = (name: string) => identifyWithin(namespace, `/run/scene/${name}`);

/** What it is tried on; or why no tool of the host can keep it. */
const ROWS: { readonly [K in OperationKind]: (() => OperationTarget) | string } = {
  'run-command': 'the command has a limit of its own, and goes on without us: run-command.test.ts',
  'upgrade-packages': 'as run-command: upgrade-packages.test.ts',
  'cloud-call': 'not on a host',
  'disable-entry': 'on Windows',
  'collect-process': () => ({ kind: 'collect-process', process: actor.identity }),
  'archive-files': () => ({
    kind: 'archive-files',
    paths: ['/run/scene/archive'],
    name: 'scene',
    maxBytes: 1e6,
  }),
  'snapshot-volume': () => {
    const line = namespace.shell("grep ' - btrfs ' /proc/self/mountinfo");
    const source = line.trim().split(' - btrfs ')[1]?.split(' ')[0] ?? '';
    return {
      kind: 'snapshot-volume',
      volume: { type: 'btrfs', mountPoint: '/tmp/volume', source },
      name: 'before',
    };
  },
  'reveal-process': () => {
    const over = `/proc/${actor.identity.pid}`;
    namespace.run(['mount', '-t', 'tmpfs', 'none', over]);
    const mounts = parseMounts(Buffer.from(namespace.run(['cat', '/proc/self/mountinfo']), 'latin1'));
    return {
      kind: 'reveal-process',
      process: actor.identity,
      mounts: mounts.filter(({ point }) => point === over),
    };
  },
  'freeze-process': () => ({ kind: 'freeze-process', process: actor.identity }),
  'kill-process': () => ({ kind: 'kill-process', process: actor.identity }),
  'end-session': () => ({ kind: 'end-session', account: 'bob', leader: actor.identity }),
  'block-address': () => ({ kind: 'block-address', address: '192.0.2.9' }),
  'isolate-host': () => ({
    ...{ kind: 'isolate-host', allowedPeers: ['192.0.2.1'], allowDns: false, confirmWithinMs: 60_000 },
    ...{ mustReach: null, mustNotReach: null },
  }),
  'lift-isolation': () => ({ kind: 'lift-isolation' }),
  'quarantine-file': () => ({ kind: 'quarantine-file', file: file('quarantine'), reload: ['systemd'] }),
  'edit-file': () => ({
    kind: 'edit-file',
    file: file('edit'),
    removeLines: [{ number: 2, text: 'second' }],
    reload: ['linker'],
  }),
  'set-attributes': () => ({ kind: 'set-attributes', file: file('attributes'), mode: 0o600 }),
  'set-kernel-parameter': () => ({
    kind: 'set-kernel-parameter',
    name: 'net.ipv4.ip_forward',
    from: '0',
    to: '1',
  }),
  'stop-container': () => ({
    kind: 'stop-container',
    container: { runtime: 'docker', id: containerId(0), name: 'miner', image: 'miner' },
  }),
  'disable-unit': () => ({
    kind: 'disable-unit',
    unit: 'miner.service',
    user: null,
    file: identifyWithin(namespace, '/etc/systemd/system/miner.service'),
  }),
  'lock-account': () => ({ kind: 'lock-account', account: 'alice', uid: 1000 }),
  'expire-password': () => ({ kind: 'expire-password', account: 'bob', uid: 1001 }),
  'replace-host-keys': () => ({
    kind: 'replace-host-keys',
    keys: [identifyWithin(namespace, '/etc/ssh/ssh_host_ed25519_key')],
  }),
  'reinstall-package': () => ({
    kind: 'reinstall-package',
    manager: 'apt',
    package: 'tq-procps',
    files: [identifyWithin(namespace, '/run/tq/bin/tq-ps')],
    otherwise: 'leave',
  }),
};
const FACTS = { serviceManager: 'systemd', firewall: 'nft', packageManager: 'apt' } as const;

test('every kind of operation has a row', () => {
  expect(Object.keys(ROWS).sort()).toEqual(Object.keys(performers).sort());
});

const TRIED = (Object.entries(ROWS) as [OperationKind, (() => OperationTarget) | string][]).flatMap(
  ([kind, row]) => (typeof row === 'string' ? [] : [[kind, row] as const]),
);

/** They are done without any tool, or go on without it. */
const NEED_NONE: ReadonlySet<OperationKind> = new Set([
  ...(['collect-process', 'archive-files', 'freeze-process', 'kill-process', 'end-session'] as const),
  ...(['set-kernel-parameter', 'quarantine-file'] as const),
]);

test.each(TRIED)(
  '%s comes to an end where every tool hangs',
  async (kind, row) => {
    const target = row();
    const said: string[] = [];
    const hanging = async <T>(doing: string, call: () => Promise<T>): Promise<T | null> => {
      letHang(namespace, true);
      waitedMs(namespace);
      const answer = await call().catch((error: Error) => {
        // Told as it stands (host/system-error.ts); any other is a bug.
        expect(error.message, said.join('\n')).toMatch(/^(HostError|WalkError): /);
        said.push(error.message);
        return null;
      });
      const ms = waitedMs(namespace);
      letHang(namespace, false);
      said.push(`${doing}, ${Math.round(ms / 1000)} s: ${JSON.stringify(answer)}`);
      const limit = doing === 'verify' ? HOST_LIMITS.verify : HOST_LIMITS.silentDeed;
      expect(ms, said.join('\n')).toBeLessThan(limit);
      await expect.poll(stillHanging, { timeout: 10_000, message: said.join('\n') }).toEqual([]);
      return answer;
    };
    await hanging('prepare', () => host.prepare(target, FACTS));
    const receipt = await host.ready(target, FACTS);
    const outcome = await hanging('perform', () => host.perform(target, receipt, FACTS));
    const after = outcome?.receipt ?? receipt;
    await hanging('verify', () => host.verify(target, after));
    await hanging('undo', () => host.undo(target, after, FACTS));
    if (!NEED_NONE.has(kind)) expect(said.join('\n')).toMatch(/did not finish in time|does not tell/);
    await host.undo(target, after, FACTS);
    namespace.run(['rm', '-rf', '/run/tourniquet']);
    if (kind === 'reveal-process') namespace.shell(`umount /proc/${actor.identity.pid} || :`);
  },
  120_000,
);
