import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FileIdentity } from '../../../src/operations/identity.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';

const TYPES = ['rsa', 'ecdsa', 'ed25519'] as const;
const PORT = 2222;

describe('replace-host-keys', () => {
  let namespace: Namespace;
  let host: Driver;
  /** All that must be as before; inode, owner, mode, time to the nanosecond, contents. */
  const state = () =>
    namespace.shell("find /etc/ssh -type f -printf '%p %i %U %G %m %T@ ' -exec sha256sum {} \\; | sort");
  /** The key that a client is really shown; in a user namespace sshd cannot serve any, there it is the file's. */
  const shown = (type: string) =>
    namespace
      .shell(
        process.geteuid?.() === 0
          ? `ssh-keyscan -T 5 -p ${PORT} -t ${type} 127.0.0.1 2>/dev/null | ssh-keygen -l -f - | cut -d' ' -f2`
          : `ssh-keygen -l -f /etc/ssh/ssh_host_${type}_key.pub | cut -d' ' -f2`,
      )
      .trim();
  const kept = () =>
    namespace.shell('find /run/tourniquet /etc /run -xdev -path "*quarantine*" -type f | sort -u').trim();

  beforeAll(async () => {
    namespace = await openNamespace(`${PRIVATE_ETC}
mkdir /etc/ssh /run/sshd
echo 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
${TYPES.map((type) => `ssh-keygen -q -t ${type} -N '' -f /etc/ssh/ssh_host_${type}_key`).join('\n')}
touch -d @1500000000.123456789 /etc/ssh/ssh_host_rsa_key
cat >/etc/ssh/sshd_config <<'END'
Port ${PORT}
ListenAddress 127.0.0.1
PidFile /run/sshd.pid
UsePAM no
END
/usr/sbin/sshd
until [ -s /run/sshd.pid ]; do sleep 0.05; done`);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    namespace?.shell('kill "$(cat /run/sshd.pid)" || true');
    await host?.kill();
    await namespace?.end();
  });
  afterEach(() => {
    expect(namespace.shell('ls -A /etc/ssh | grep -c tourniquet || true').trim()).toBe('0');
  });

  function identify(path: string): FileIdentity {
    const [device = '', inode = '', size = '', mode = '', uid = '', gid = '', mtime = ''] = namespace
      .run(['stat', '-c', '%d %i %s %a %u %g %.9Y', path])
      .trim()
      .split(' ');
    const sha256 = namespace.run(['sha256sum', path]).slice(0, 64);
    return {
      ...{
        path,
        kind: 'file',
        device,
        inode,
        sha256,
        sizeBytes: Number(size),
        uid: Number(uid),
        gid: Number(gid),
      },
      ...{ mode: Number.parseInt(mode, 8), mtimeNs: mtime.replace('.', '') },
    };
  }
  const replace = (types: readonly string[] = TYPES): OperationTarget => ({
    kind: 'replace-host-keys',
    keys: types.map((type) => identify(`/etc/ssh/ssh_host_${type}_key`)),
  });

  it('gives clients new keys of the same types, and the old ones bit for bit after the undo', async () => {
    const before = state();
    const old = TYPES.map(shown);
    const operation = replace();
    const receipt = await host.ready(operation);
    expect(JSON.stringify(receipt)).not.toContain('PRIVATE KEY');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(state()).toBe(before);

    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    await expect
      .poll(() => TYPES.map(shown).some((key) => old.includes(key)), { timeout: 20_000 })
      .toBe(false);
    for (const type of TYPES) expect(outcome.message).toContain(shown(type));
    expect(namespace.shell("stat -c '%a %u %g' /etc/ssh/ssh_host_*_key | sort -u").trim()).toBe('600 0 0');
    expect(namespace.shell("stat -c '%a' /etc/ssh/ssh_host_*.pub | sort -u").trim()).toBe('644');

    expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
    expect(state()).toBe(before);
    expect(kept()).toBe('');
    await expect.poll(() => TYPES.map(shown), { timeout: 20_000 }).toEqual(old);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  });

  it('puts back what a cut-off replacement left, from the prepared receipt alone', async () => {
    const before = state();
    const operation = replace(['ed25519', 'ecdsa']);
    const receipt = await host.ready(operation);
    // Cut off after the second name was made and the first private key was put in place.
    const folder = receipt.quarantineFolder;
    namespace.shell(`mkdir -p -m 700 '${folder}'; chmod 700 '${folder}'
ln /etc/ssh/ssh_host_ed25519_key '${folder}/step.1.1.0'
ln /etc/ssh/ssh_host_ed25519_key.pub '${folder}/step.1.1.0.pub'
ssh-keygen -q -t ed25519 -N '' -f '${folder}/step.1.1.0.new'
mv '${folder}/step.1.1.0.new' /etc/ssh/ssh_host_ed25519_key`);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
    expect(state()).toBe(before);
  });

  it('makes a public half where there was none, and takes it away again', async () => {
    namespace.shell('mv /etc/ssh/ssh_host_ecdsa_key.pub /run/away.pub');
    const before = state();
    const operation = replace(['ecdsa']);
    const receipt = await host.ready(operation);
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
    expect(state()).toBe(before);
    namespace.shell('mv /run/away.pub /etc/ssh/ssh_host_ecdsa_key.pub');
  });

  it('changes nothing where a key cannot be made', async () => {
    const before = state();
    const operation = replace();
    const receipt = await host.ready(operation);
    namespace.shell('mount --bind /bin/false "$(command -v ssh-keygen)"');
    const outcome = await host.perform(operation, receipt);
    namespace.shell('umount "$(command -v ssh-keygen)"');
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(outcome.message).toContain('No host key was replaced');
    expect(state()).toBe(before);
  });

  it('puts the old keys back by itself if sshd would not start with the new ones', async () => {
    const before = state();
    const operation = replace(['ed25519']);
    const receipt = await host.ready(operation);
    // A sshd whose test passes once and then fails.
    namespace.shell(`printf '#!/bin/sh\\n[ -e /run/tested ] && exit 1\\n: >/run/tested\\n' >/run/fake-sshd; chmod 755 /run/fake-sshd
mount --bind /run/fake-sshd /usr/sbin/sshd
until [ -s /run/sshd.pid ]; do sleep 0.05; done`);
    const outcome = await host.perform(operation, receipt);
    namespace.shell('umount /usr/sbin/sshd');
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(outcome.message).toContain('old ones are in place again');
    expect(state()).toBe(before);
  });

  it('refuses keys that have changed, keys of old types, and none', async () => {
    const operation = replace(['rsa']);
    namespace.shell('chmod 640 /etc/ssh/ssh_host_rsa_key');
    expect(await host.prepare(operation)).toMatchObject({ refusal: { code: 'stale' } });
    namespace.shell(
      'chmod 600 /etc/ssh/ssh_host_rsa_key; echo nonsense >/etc/ssh/ssh_host_dsa_key; chmod 600 /etc/ssh/ssh_host_dsa_key',
    );
    expect(await host.prepare(replace(['dsa']))).toMatchObject({ refusal: { code: 'invalid' } });
    expect(await host.prepare({ kind: 'replace-host-keys', keys: [] })).toMatchObject({
      refusal: { code: 'invalid' },
    });
  });
});
