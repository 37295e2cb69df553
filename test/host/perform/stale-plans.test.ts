import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { performers } from '../../../src/host/perform/registry.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import type { FileIdentity, ProcessIdentity } from '../../../src/operations/identity.ts';
import type { OperationKind, OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { identifyWithin } from '../../support/identify-within.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';
import { type Actor, startActor } from './stage.ts';

/**
 * For every kind of operation: the host has moved on since the plan was made, so it is refused, and nothing is touched.
 * A kind without a case does not compile; one that names no thing of the host says why.
 */
interface World {
  readonly namespace: Namespace;
  readonly actor: Actor;
  /** Makes a file in the namespace and says what it is. */
  file(path: string, text?: string): FileIdentity;
  shell(text: string): string;
}
type Case = readonly [what: string, plan: (world: World) => OperationTarget];
type Cases = readonly Case[] | { readonly namesNothing: string };

/** The number has passed to another process. */
const reused = ({ actor }: World): ProcessIdentity => ({ ...actor.identity, startTicks: '1' });
/** The same process, but it runs another program since. */
const became = ({ actor }: World): ProcessIdentity => ({ ...actor.identity, exeInode: '1:1' });
const ofAnotherBoot = ({ actor }: World): ProcessIdentity => ({ ...actor.identity, bootId: 'before' });

function processCases(make: (process: ProcessIdentity) => OperationTarget): readonly Case[] {
  return [
    ['pid reused', (world) => make(reused(world))],
    ['another program', (world) => make(became(world))],
    ['another boot', (world) => make(ofAnotherBoot(world))],
  ];
}

let made = 0;
function fileCases(make: (file: FileIdentity) => OperationTarget, folder = '/tmp/scene'): readonly Case[] {
  const spoiled = (how: (path: string) => string) => (world: World) => {
    made += 1;
    const path = `${folder}/file-${made}`;
    const file = world.file(path, 'one\ntwo\n');
    world.shell(how(path));
    return make(file);
  };
  return [
    ['changed', spoiled((path) => `echo three >>${path}`)],
    ['rewritten in place with the same size', spoiled((path) => `printf 'ONE\\nTWO\\n' >${path}`)],
    ['a symlink in its place', spoiled((path) => `mv ${path} ${path}.old; ln -s ${path}.old ${path}`)],
    [
      'replaced by another with the same bytes',
      spoiled((path) => `cp ${path} ${path}.new; mv ${path}.new ${path}`),
    ],
    ['gone', spoiled((path) => `rm ${path}`)],
    ['a FIFO in its place', spoiled((path) => `rm ${path}; mkfifo ${path}`)],
    [
      'its folder a symlink of somebody else',
      spoiled((path) => {
        const aside = `/tmp/aside-${made}`;
        return `mkdir ${aside}; chmod 777 ${aside}; cp -p ${path} ${aside}/; mv ${folder} ${folder}.away; ln -s ${aside} ${folder}; chown -h 1000 ${folder}`;
      }),
    ],
  ];
}

const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';
const CONTAINER = { runtime: 'docker', id: 'c'.repeat(64), name: 'gone', image: 'x' } as const;

const CASES: Readonly<Record<OperationKind, Cases>> = {
  'cloud-call': {
    namesNothing: 'a host refuses every one: test/cloud/every-deed-stale.ts has the responder’s side',
  },
  'run-command': { namesNothing: 'what it does is its own affair; its plan is bound to its text' },
  'archive-files': { namesNothing: 'it takes what is there, and lists what is not' },
  'block-address': { namesNothing: 'an address is no thing of the host' },
  'isolate-host': { namesNothing: 'it is about all traffic, and asks for the responder’s connection anew' },
  'lift-isolation': { namesNothing: 'there is one isolation at most' },
  'collect-process': processCases((process) => ({ kind: 'collect-process', process })),
  'freeze-process': [
    ...processCases((process) => ({ kind: 'freeze-process', process })),
    [
      'pid reused of one in a group',
      (world) => ({ kind: 'freeze-process', process: world.actor.identity, others: [reused(world)] }),
    ],
  ],
  'kill-process': processCases((process) => ({ kind: 'kill-process', process })),
  'end-session': processCases((leader) => ({ kind: 'end-session', account: 'bob', leader })),
  'reveal-process': [
    [
      'the mount gone',
      ({ actor }) => ({
        kind: 'reveal-process',
        process: actor.identity,
        mounts: [
          {
            point: `/proc/${actor.identity.pid}`,
            fileSystem: 'tmpfs',
            source: 'none',
            root: '/',
            device: '0:1',
          },
        ],
      }),
    ],
    [
      'pid reused behind the mount',
      (world) => {
        const { pid } = world.actor.identity;
        const point = `/proc/${pid}`;
        world.shell(`mount -t tmpfs none ${point}`);
        const [, , device = '', root = ''] = world.shell(`grep ' ${point} ' /proc/self/mountinfo`).split(' ');
        return {
          kind: 'reveal-process',
          process: reused(world),
          mounts: [{ point, fileSystem: 'tmpfs', source: 'none', root, device }],
        };
      },
    ],
  ],
  'quarantine-file': fileCases((file) => ({ kind: 'quarantine-file', file })),
  'edit-file': fileCases((file) => ({ kind: 'edit-file', file, removeLines: [{ number: 1, text: 'one' }] })),
  'set-attributes': [
    ...fileCases((file) => ({ kind: 'set-attributes', file, mode: 0o600 })),
    [
      'its mode set by somebody else',
      (world) => {
        const file = world.file('/tmp/scene/mode');
        world.shell('chmod 4755 /tmp/scene/mode');
        return { kind: 'set-attributes', file, mode: 0o755 };
      },
    ],
  ],
  'reinstall-package': fileCases((file) => ({
    kind: 'reinstall-package',
    manager: 'apt',
    package: 'bash',
    files: [file],
    otherwise: 'leave',
  })),
  'set-kernel-parameter': [
    [
      'set to something else',
      () => ({ kind: 'set-kernel-parameter', name: 'kernel.ostype', from: 'Minix', to: 'Linux' }),
    ],
    [
      'not there any more',
      () => ({ kind: 'set-kernel-parameter', name: 'vm.no_such_thing', from: '1', to: '0' }),
    ],
  ],
  'snapshot-volume': [
    [
      'not mounted any more',
      () => ({
        kind: 'snapshot-volume',
        volume: { type: 'btrfs', mountPoint: '/tmp', source: '/dev/gone' },
        name: 'before',
      }),
    ],
  ],
  'stop-container': [['removed', () => ({ kind: 'stop-container', container: CONTAINER })]],
  'disable-entry': {
    namesNothing:
      'only Windows has such entries (test/host/windows/stale-plans.test.ts); refused here whatever it names',
  },
  'disable-unit': fileCases(
    (file) => ({ kind: 'disable-unit', unit: 'a.service', user: null, file }),
    '/etc/systemd/system',
  ).filter(([what]) => !what.includes('folder')),
  'lock-account': [
    ['the name has passed to another uid', () => ({ kind: 'lock-account', account: 'bob', uid: 4711 })],
    ['removed', () => ({ kind: 'lock-account', account: 'nobody-any-more', uid: 1001 })],
  ],
  'expire-password': [
    ['the name has passed to another uid', () => ({ kind: 'expire-password', account: 'bob', uid: 4711 })],
    ['removed', () => ({ kind: 'expire-password', account: 'nobody-any-more', uid: 1001 })],
  ],
  'replace-host-keys': [
    [
      'replaced',
      (world) => {
        world.shell(`mkdir -p /etc/ssh; rm -f ${HOST_KEY}*; ssh-keygen -q -t ed25519 -N '' -f ${HOST_KEY}`);
        const key = identifyWithin(world.namespace, HOST_KEY);
        world.shell(`rm -f ${HOST_KEY}*; ssh-keygen -q -t ed25519 -N '' -f ${HOST_KEY}`);
        return { kind: 'replace-host-keys', keys: [key] };
      },
    ],
  ],
  'upgrade-packages': [
    ['removed', () => ({ kind: 'upgrade-packages', manager: 'apt', packages: ['no-such-package-any-more'] })],
  ],
};

describe('a stale plan', () => {
  let namespace: Namespace;
  let host: Driver;
  let actor: Actor;
  beforeAll(async () => {
    namespace = await openNamespace(`${PRIVATE_ETC}
mkdir -p /etc/systemd/system /run/upper /run/work
mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/run/upper,workdir=/run/work /usr/sbin
printf '#!/bin/sh\\necho "Error: No such container: $4" >&2\\nexit 1\\n' >/usr/sbin/docker
chmod 755 /usr/sbin/docker`);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await actor?.end();
    await namespace?.end();
  });

  const rows = Object.entries(CASES).flatMap(([kind, cases]) =>
    'namesNothing' in cases ? [] : cases.map(([what, plan]) => ({ kind, what, plan })),
  );

  test.for(rows)('of $kind is refused: $what', async ({ kind, plan }) => {
    actor ??= await startActor(['/bin/sleep', '3600']);
    namespace.shell('rm -rf /tmp/scene /tmp/scene.away; mkdir -p /tmp/scene');
    const world: World = {
      namespace,
      actor,
      shell: (text) => namespace.shell(text),
      file(path, text = 'text\n') {
        namespace.run(['/bin/sh', '-ec', 'cat >"$1"', 'sh', path], { input: text });
        return identifyWithin(namespace, path);
      },
    };
    const before = namespace.shell('cd /tmp && find . -printf "%p %i %m %U %T@ %s\\n" | sort');
    const operation = plan(world);
    expect(operation.kind).toBe(kind);
    const planned = namespace.shell('cd /tmp && find . -printf "%p %i %m %U %T@ %s\\n" | sort');
    const prepared = await host.prepare(operation);
    expect(prepared).toMatchObject({ status: 'refused', refusal: { code: 'stale' } });
    if (prepared.status === 'refused')
      expect(prepared.refusal.message).toMatch(/[Aa]gain|anew|lock it there/);
    // What was refused has changed nothing.
    expect(namespace.shell('cd /tmp && find . -printf "%p %i %m %U %T@ %s\\n" | sort')).toBe(planned);
    expect(before).toContain('scene');
    expect(readProcess(actor.identity.pid)?.state).not.toBe('T');
    namespace.shell(`umount /proc/${actor.identity.pid} 2>/dev/null || :`);
  });

  test('has a case for every kind of operation, or the reason why it names nothing', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(performers).sort());
    for (const cases of Object.values(CASES))
      expect('namesNothing' in cases ? cases.namesNothing.length : cases.length).toBeGreaterThan(0);
  });
});
