import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import type { ReloadName } from '../../../src/operations/reloads.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { identifyWithin } from '../../support/identify-within.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';

/** Stand-ins that write down that they were called: the real ones would write this machine's boot menu anew. */
const NAMES = ['udevadm', 'update-grub', 'update-initramfs', 'ldconfig', 'sysctl', 'systemctl'];
const READ_ANEW = `
import { createLocalHost } from '${new URL('../../../src/host/local.ts', import.meta.url).href}';
const host = createLocalHost({ hostFolderRoot: '/tmp/host' });
const nothing = () => undefined;
console.log(await host.readAnew(JSON.parse(process.argv.at(-1)), {
  incidentId: 'reload', evidence: { open: nothing }, onOutput: nothing, onProgress: nothing, secrets: {},
}));
await host.close();
`;
let namespace: Namespace;
let host: Driver;
beforeAll(async () => {
  namespace = await openNamespace(`
for folder in sbin bin; do
  mkdir -p /run/upper/$folder /run/work/$folder
  mount -t overlay overlay -o lowerdir=/usr/$folder,upperdir=/run/upper/$folder,workdir=/run/work/$folder /usr/$folder
done
mkdir -p /run/udev /run/systemd/system; : >/run/udev/control
mkdir -p /tmp/boot/grub; : >/tmp/boot/grub/grub.cfg; mount --bind /tmp/boot /boot
for name in ${NAMES.join(' ')}; do
  rm -f /usr/bin/$name
  printf '#!/bin/sh\\n[ -e /run/broken ] && { echo "error: it broke" >&2; exit 1; }\\necho "$0 $*" >>/run/calls\\n' >/usr/sbin/$name
  chmod 755 /usr/sbin/$name
done`);
  host = openDriver(namespace);
});
afterAll(async () => {
  await host?.kill();
  await namespace?.end();
});
beforeEach(() => {
  namespace.shell(": >/run/calls; mkdir -p /tmp/scene; printf 'one\\ntwo\\n' >/tmp/scene/rules");
});
const calls = () => namespace.run(['cat', '/run/calls']).trim();
const plans = (reload: readonly ReloadName[]): readonly OperationTarget[] => {
  const file = identifyWithin(namespace, '/tmp/scene/rules');
  return [
    { kind: 'edit-file', file, removeLines: [{ number: 1, text: 'one' }], reload },
    { kind: 'quarantine-file', file, reload },
  ];
};

test.for([
  ['udev', '/usr/sbin/udevadm control --reload'],
  ['grub', '/usr/sbin/update-grub '],
  ['initramfs', '/usr/sbin/update-initramfs -u'],
  ['linker', '/usr/sbin/ldconfig -X'],
  ['sysctl', '/usr/sbin/sysctl --system'],
  ['systemd', '/usr/sbin/systemctl --no-ask-password daemon-reload'],
] as const)('%s reads its files again after the change, and after its undo', async ([name, call]) => {
  for (const operation of plans([name])) {
    namespace.shell(': >/run/calls');
    const receipt = await host.ready(operation);
    expect(calls()).toBe('');
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(calls()).toBe(call.trim());
    expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
    expect(
      calls()
        .split('\n')
        .map((one) => one.trim()),
    ).toEqual([call.trim(), call.trim()]);
    expect(namespace.run(['cat', '/tmp/scene/rules'])).toBe('one\ntwo\n');
  }
});

test('whoever was cut off between the change and the reading can have it read once more', async () => {
  const [edit] = plans(['udev', 'grub']);
  if (edit === undefined) throw new Error('no plan');
  namespace.shell(': >/run/calls');
  const said = namespace.run([
    ...[
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '--eval',
      READ_ANEW,
    ],
    JSON.stringify({ ...edit, id: 'step.1.1', because: [] }),
  ]);
  expect(said).toBe('udev goes by its rules as they are now; the boot menu was written anew\n');
  expect(calls().split('\n')).toHaveLength(2);
});

test('a tool that fails or is missing is said, with what holds until then; the change itself is done', async () => {
  const [edit] = plans(['initramfs', 'udev']);
  if (edit === undefined) throw new Error('no plan');
  const receipt = await host.ready(edit);
  namespace.shell(': >/run/broken; mv /usr/sbin/update-initramfs /run/');
  const outcome = await host.perform(edit, receipt);
  namespace.shell('rm /run/broken; mv /run/update-initramfs /usr/sbin/');
  expect(outcome.status).toBe('done');
  expect(outcome.message).toContain('the initramfs is as it was and counts at the next start');
  expect(outcome.message).toContain('udev may go by the rules as they were');
  expect(outcome.message).toContain('it broke');
  expect(namespace.run(['cat', '/tmp/scene/rules'])).toBe('two\n');
});

test('where nothing runs that could have read the file, nothing is called', async () => {
  const [edit] = plans(['systemd']);
  if (edit === undefined) throw new Error('no plan');
  const receipt = await host.ready(edit);
  namespace.shell('rmdir /run/systemd/system');
  const outcome = await host.perform(edit, receipt);
  namespace.shell('mkdir /run/systemd/system');
  expect(outcome.message).toContain('nothing runs here that has read it');
  expect(calls()).toBe('');
});
