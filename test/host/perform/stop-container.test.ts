import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseInspect } from '../../../src/host/perform/container-runtime.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';

/** A podman of its own, as far as it needs one, with a file system of three programs; crun wants cgroup 2 alone. */
const PODMAN = `
mkdir -p /var/lib/containers; mount -t tmpfs tmpfs /var/lib/containers
umount -R /sys/fs/cgroup 2>/dev/null || :
mount -t cgroup2 none /sys/fs/cgroup
root=/run/rootfs
mkdir -p $root/bin $root/proc $root/dev $root/sys $root/etc $root/run $root/tmp
for name in sh sleep; do
  cp -L "$(command -v $name)" $root/bin/
  for library in $(ldd "$(command -v $name)" | grep -o '/[^ ]*'); do
    mkdir -p "$root\${library%/*}"; cp -Ln "$library" "$root$library"
  done
done
`;
const RUN = [
  ...['podman', 'run', '-d', '--restart=always', '--cgroups=disabled', '--network=none'],
  ...['--ulimit', 'nofile=256:256', '--ulimit', 'nproc=256:256'],
];

describe('stop-container with a real podman', () => {
  let namespace: Namespace;
  let host: Driver;
  beforeAll(async () => {
    namespace = await openNamespace(PODMAN);
    host = openDriver(namespace);
  }, 60_000);
  afterAll(async () => {
    try {
      namespace?.run(['podman', 'rm', '--all', '--force', '--time', '0']);
    } finally {
      await host?.kill();
      await namespace?.end();
    }
  }, 60_000);
  const start = (name: string): OperationTarget => {
    const id = namespace.run([...RUN, '--name', name, '--rootfs', '/run/rootfs', '/bin/sleep', '600']).trim();
    return { kind: 'stop-container', container: { runtime: 'podman', id, name, image: 'rootfs' } };
  };
  const state = (name: string) =>
    namespace
      .run(['podman', 'inspect', '--format', '{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}', name])
      .trim();

  test('it is stopped and stays so; undo starts it again with its policy; nothing of it is removed', async () => {
    const operation = start('miner');
    const receipt = await host.ready(operation);
    expect(receipt).toMatchObject({ wasRunning: true, policy: 'always' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(state('miner')).toMatch(/^false/);
    // A podman that cannot change the policy of a container says what is left of it.
    if (receipt.canSetPolicy === false) expect(outcome.message).toContain('next boot');
    else expect(state('miner')).toBe('false no');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
    expect(state('miner')).toBe('true always');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  }, 120_000);

  test('one that was removed meanwhile is stale, and a name is no id', async () => {
    const operation = start('gone');
    namespace.run(['podman', 'rm', '--force', '--time', '0', 'gone']);
    expect(await host.prepare(operation)).toMatchObject({ refusal: { code: 'stale' } });
    const container = { runtime: 'podman', id: 'miner', name: 'miner', image: '' } as const;
    expect(await host.prepare({ kind: 'stop-container', container })).toMatchObject({
      refusal: { code: 'invalid' },
    });
  }, 120_000);
});

/** Docker's own words and answers, for what its daemon does that podman here does not: it can change a policy. */
const STAND_IN = `
mkdir -p /run/upper /run/work /run/docker
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/run/upper,workdir=/run/work /usr/bin
echo true >/run/docker/running; echo on-failure >/run/docker/policy; echo 3 >/run/docker/tries
cat >/usr/bin/docker <<'END'
#!/bin/sh
echo "$*" >>/run/docker/calls
[ -e /run/docker/down ] && { echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1; }
case "$1 $2" in
  'update --help') echo '      --restart string   Restart policy to apply when a container exits'; exit 0 ;;
  'inspect --type')
    printf '[{"Id":"%s","State":{"Running":%s},"HostConfig":{"RestartPolicy":{"Name":"%s","MaximumRetryCount":%s}}}]' \\
      "$4" "$(cat /run/docker/running)" "$(cat /run/docker/policy)" "$(cat /run/docker/tries)" ;;
  'update --restart='*)
    policy="\${2#--restart=}"; echo "\${policy%%:*}" >/run/docker/policy
    case "$policy" in *:*) echo "\${policy#*:}" ;; *) echo 0 ;; esac >/run/docker/tries ;;
  stop*) echo false >/run/docker/running ;;
  start*) echo true >/run/docker/running ;;
esac
END
chmod 755 /usr/bin/docker
`;

describe('stop-container with a stand-in for docker', () => {
  const id = 'd'.repeat(64);
  const operation: OperationTarget = {
    kind: 'stop-container',
    container: { runtime: 'docker', id, name: 'web', image: 'evil/miner' },
  };
  let namespace: Namespace;
  let host: Driver;
  beforeAll(async () => {
    namespace = await openNamespace(STAND_IN);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await namespace?.end();
  });

  test('the policy goes before the stop, and comes back with its number of tries', async () => {
    const receipt = await host.ready(operation);
    expect(receipt).toMatchObject({ policy: 'on-failure:3', canSetPolicy: true });
    namespace.shell(': >/run/docker/calls');
    expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
    const calls = namespace.run(['cat', '/run/docker/calls']).split('\n');
    expect(calls.slice(0, 2)).toEqual([`update --restart=no ${id}`, `stop ${id}`]);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
    expect(namespace.shell('cd /run/docker; cat running policy tries').split('\n').slice(0, 3)).toEqual([
      ...['true', 'on-failure', '3'],
    ]);
  });

  test('a daemon that does not answer is an honest refusal, and later an honest unknown', async () => {
    const receipt = await host.ready(operation);
    namespace.shell(': >/run/docker/down');
    const prepared = await host.prepare(operation);
    expect(prepared).toMatchObject({ refusal: { code: 'unavailable' } });
    if (prepared.status === 'refused') expect(prepared.refusal.message).toContain('Cannot connect');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'unknown' });
    expect(await host.perform(operation, receipt)).toMatchObject({ status: 'failed' });
    namespace.shell('rm /run/docker/down');
  });
});

test('an answer that is none is not taken for one', () => {
  const id = 'a'.repeat(64);
  for (const text of [
    '',
    '{}',
    '[]',
    '[{"Id":"b","State":{"Running":true}}]',
    `[{"Id":"${id}","State":{"Running":"yes"}}]`,
  ])
    expect(parseInspect(Buffer.from(text), id)).toBeNull();
});
