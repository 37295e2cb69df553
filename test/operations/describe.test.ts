import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../../src/operations/describe.ts';
import type { FileIdentity, ProcessIdentity } from '../../src/operations/identity.ts';
import type { OperationTarget } from '../../src/operations/operation.ts';

const processIdentity: ProcessIdentity = {
  pid: 812,
  startTicks: '4711',
  bootId: 'b',
  exePath: '/tmp/kworkerds',
  exeInode: '1:2',
  name: 'kworkerds',
};
const file: FileIdentity = {
  path: '/etc/cron.d/it is',
  kind: 'file',
  device: '1',
  inode: '2',
  sizeBytes: 3,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeNs: '0',
  sha256: '00',
};
const command = { argv: ['echo', 'a b'] };
const run = {
  kind: 'run-command',
  command,
  environment: { TOKEN: 'hunter2', WHO: "o'neill" },
  secretNames: ['TOKEN'],
  workingFolder: '/srv/my app',
  timeoutMs: 1000,
  risk: 'disruptive',
  verify: null,
  undo: null,
} as const;

const table: readonly [OperationTarget, string, string, 'yes' | 'no'][] = [
  [run, "run-command echo 'a b'", 'disruptive', 'no'],
  [{ ...run, undo: { shell: 'true\nfalse' } }, "run-command echo 'a b'", 'disruptive', 'yes'],
  [
    { kind: 'collect-process', process: processIdentity },
    'collect-process kworkerds (812)',
    'read-only',
    'no',
  ],
  [
    { kind: 'archive-files', paths: ['/etc', '/a b'], name: 'etc', maxBytes: 1 },
    'archive-files etc (2 paths)',
    'read-only',
    'no',
  ],
  [
    { kind: 'freeze-process', process: processIdentity },
    'freeze-process kworkerds (812)',
    'reversible',
    'yes',
  ],
  [{ kind: 'kill-process', process: processIdentity }, 'kill-process kworkerds (812)', 'irreversible', 'no'],
  [{ kind: 'block-address', address: '203.0.113.9' }, 'block-address 203.0.113.9', 'disruptive', 'yes'],
  [
    {
      kind: 'isolate-host',
      allowedPeers: ['198.51.100.7', '2001:db8::/64'],
      allowDns: true,
      confirmWithinMs: 90_000,
      mustReach: null,
      mustNotReach: null,
    },
    'isolate-host from all but 198.51.100.7, 2001:db8::/64',
    'disruptive',
    'yes',
  ],
  [{ kind: 'lift-isolation' }, 'lift-isolation', 'disruptive', 'yes'],
  [{ kind: 'quarantine-file', file }, 'quarantine-file /etc/cron.d/it is', 'reversible', 'yes'],
  [
    { kind: 'edit-file', file, removeLines: [{ number: 3, text: '* * * * * x' }] },
    'edit-file /etc/cron.d/it is (1 line)',
    'reversible',
    'yes',
  ],
  [
    {
      kind: 'edit-file',
      file,
      removeLines: [{ number: 3, text: 'x' }],
      replaceLines: [{ line: { number: 4, text: "it's" }, text: "it's $(not)" }],
      insertLines: [{ below: null, text: 'first' }],
      reload: ['udev', 'systemd'],
    },
    'edit-file /etc/cron.d/it is (3 lines)',
    'reversible',
    'yes',
  ],
  [
    { kind: 'set-attributes', file, mode: 0o755, capabilities: '', flags: 'i' },
    'set-attributes /etc/cron.d/it is',
    'reversible',
    'yes',
  ],
  [
    { kind: 'set-kernel-parameter', name: 'vm.nr_hugepages', from: '1280', to: '0' },
    'set-kernel-parameter vm.nr_hugepages from 1280 to 0',
    'reversible',
    'yes',
  ],
  [
    {
      kind: 'stop-container',
      container: { runtime: 'docker', id: 'a'.repeat(64), name: 'web', image: 'x/y' },
    },
    'stop-container web (docker aaaaaaaaaaaa, x/y)',
    'disruptive',
    'yes',
  ],
  [
    {
      kind: 'snapshot-volume',
      volume: { type: 'btrfs', mountPoint: '/', source: '/dev/sda' },
      name: 'before',
    },
    'snapshot-volume before of / (btrfs)',
    'reversible',
    'yes',
  ],
  [
    {
      kind: 'reveal-process',
      process: processIdentity,
      mounts: [{ point: '/proc/812', fileSystem: 'tmpfs', source: 'none', root: '/', device: '0:50' }],
    },
    'reveal-process kworkerds (812)',
    'reversible',
    'yes',
  ],
  [
    { kind: 'end-session', account: 'bob', leader: processIdentity },
    'end-session of bob: kworkerds (812)',
    'irreversible',
    'no',
  ],
  [
    {
      kind: 'reinstall-package',
      manager: 'apt',
      package: 'procps',
      files: [{ ...file, path: '/bin/ps' }],
      otherwise: 'leave',
    },
    'reinstall-package procps (apt): /bin/ps',
    'reversible',
    'yes',
  ],
  [
    {
      kind: 'reinstall-package',
      manager: 'dnf',
      package: 'procps',
      files: [{ ...file, path: '/bin/ps' }],
      otherwise: 'leave',
    },
    'reinstall-package procps (dnf): /bin/ps',
    'reversible',
    'yes',
  ],
  [
    { kind: 'disable-unit', unit: 'a.service', user: null, file },
    'disable-unit a.service',
    'disruptive',
    'yes',
  ],
  [
    { kind: 'disable-unit', unit: 'a.service', user: 'bob', file },
    'disable-unit a.service of bob',
    'disruptive',
    'yes',
  ],
  [{ kind: 'lock-account', account: 'bob', uid: 1000 }, 'lock-account bob', 'reversible', 'yes'],
  [{ kind: 'expire-password', account: 'bob', uid: 1000 }, 'expire-password bob', 'reversible', 'yes'],
  [
    { kind: 'replace-host-keys', keys: [{ ...file, path: '/etc/ssh/ssh_host_rsa_key' }] },
    'replace-host-keys /etc/ssh/ssh_host_rsa_key',
    'disruptive',
    'yes',
  ],
  [
    { kind: 'upgrade-packages', manager: 'apt', packages: ['sudo'] },
    'upgrade-packages apt: sudo',
    'irreversible',
    'no',
  ],
  [
    { kind: 'upgrade-packages', manager: 'apk', packages: [] },
    'upgrade-packages (apk: everything pending)',
    'irreversible',
    'no',
  ],
];

describe('describeOperation', () => {
  it.each(table)('names %j, its risk and whether it can be undone', (operation, title, risk, canUndo) => {
    const description = describeOperation(operation);
    expect(description).toMatchObject({ title, risk, canUndo });
    expect(description.commands.length).toBeGreaterThan(0);
    if (canUndo === 'no') expect(description.undoNote).not.toBeNull();
  });

  it.each(table)('shows commands for %j that a shell can read', (operation) => {
    const text = describeOperation(operation).commands.join('\n');
    const readable = text.replaceAll('(secret, not shown)', 'x');
    expect(() => execFileSync('/bin/bash', ['-n'], { input: readable, stdio: 'pipe' })).not.toThrow();
  });

  it('never shows a secret', () => {
    expect(JSON.stringify(describeOperation(run))).not.toContain('hunter2');
  });

  it('quotes hostile names so that they stay one word', () => {
    const hostile = { ...file, path: '/tmp/$(reboot)\n; rm -rf ~' };
    expect(describeOperation({ kind: 'quarantine-file', file: hostile }).commands.at(-1)).toBe(
      "mv --no-clobber -- '/tmp/$(reboot)'$'\\n''; rm -rf ~' QUARANTINE/",
    );
  });
});
