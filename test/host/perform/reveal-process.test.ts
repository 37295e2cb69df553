import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseMounts } from '../../../src/host/mount-table.ts';
import type { MountRef } from '../../../src/operations/identity.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { type Actor, startActor } from './stage.ts';

let namespace: Namespace;
let host: Driver;
let actor: Actor;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/tourniquet-reveal-');
  namespace = await openNamespace();
  host = openDriver(namespace);
});
afterEach(() => actor?.end());
afterAll(async () => {
  await host?.kill();
  await namespace?.end();
  rmSync(folder, { recursive: true, force: true });
});

const mountsOver = (): readonly MountRef[] =>
  parseMounts(Buffer.from(namespace.run(['cat', '/proc/self/mountinfo']), 'latin1')).filter(({ point }) =>
    point.startsWith(`/proc/${actor.identity.pid}`),
  );

test.for([
  ['an empty file system', (pid: number) => `mount -t tmpfs none /proc/${pid}; echo x >/proc/${pid}/mark`],
  ['the folder of another process', (pid: number) => `mount --bind /proc/${process.pid} /proc/${pid}`],
  [
    'a folder of the disk',
    (pid: number) => `mkdir -p ${folder}/empty; mount --bind ${folder}/empty /proc/${pid}`,
  ],
  [
    'two, one upon the other',
    (pid: number) => `mount -t tmpfs one /proc/${pid}; mount -t tmpfs two /proc/${pid}`,
  ],
  [
    'only its command line',
    (pid: number) => `: >${folder}/none; mount --bind ${folder}/none /proc/${pid}/cmdline`,
  ],
] as const)(
  '%s over it is taken away, then it can be killed; undo puts it back as it lay',
  async ([, hide]) => {
    actor = await startActor(['/bin/sleep', '600']);
    const { pid } = actor.identity;
    namespace.shell(hide(pid));
    const mounts = mountsOver();
    expect(mounts.length).toBeGreaterThan(0);
    const mark = namespace.shell(`cat /proc/${pid}/mark 2>/dev/null || :`);
    const operation: OperationTarget = { kind: 'reveal-process', process: actor.identity, mounts };
    const receipt = await host.ready(operation);
    expect(mountsOver()).toEqual(mounts);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });

    expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
    expect(mountsOver()).toEqual([]);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(namespace.run(['cat', `/proc/${pid}/comm`])).toBe('sleep\n');

    expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
    expect(mountsOver().map(({ point, root, device }) => ({ point, root, device }))).toEqual(
      mounts.map(({ point, root, device }) => ({ point, root, device })),
    );
    expect(namespace.shell(`cat /proc/${pid}/mark 2>/dev/null || :`)).toBe(mark);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    // Nothing is left behind of what was kept.
    expect(namespace.run(['cat', '/proc/self/mountinfo'])).not.toContain('/run/tourniquet');

    expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
    const kill: OperationTarget = { kind: 'kill-process', process: actor.identity };
    expect(await host.perform(kill, await host.ready(kill))).toMatchObject({ status: 'done' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    const undone = await host.undo(operation, receipt);
    expect(undone).toMatchObject({ status: 'done' });
    expect(undone.message).toContain('has ended');
  },
);

test('what lies elsewhere than over it is refused', async () => {
  actor = await startActor(['/bin/sleep', '600']);
  const mount = { point: '/etc', fileSystem: 'ext4', source: '/dev/vda', root: '/', device: '8:1' };
  const operation: OperationTarget = { kind: 'reveal-process', process: actor.identity, mounts: [mount] };
  expect(await host.prepare(operation)).toMatchObject({ status: 'refused', refusal: { code: 'invalid' } });
});
