import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { findingOf, makeTree, scanTree, verdictOf } from './tree.ts';

const SCRIPT = { text: '#!/bin/sh\nexit 0\n', mode: 0o755 };

function codes(finding: Finding | undefined): readonly string[] {
  return finding?.reasons.map(({ code }) => code) ?? [];
}

function account(outcome: ScanOutcome, name: string): Finding | undefined {
  return outcome.findings.find(({ subject }) => subject.kind === 'account' && subject.account === name);
}

describe('accounts', () => {
  it('blames a second root, a password on a program’s account and a shell with a blank, and not their neighbours', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/passwd': [
          'root:x:0:0:root:/root:/bin/bash',
          'toor:x:0:0::/root:/bin/bash',
          'games:x:5:60::/usr/games:/usr/sbin/nologin',
          'backup:x:34:34::/var/backups:/usr/sbin/nologin',
          'news:x:9:9::/var/spool/news:/usr/sbin/nologin ',
          'www-data:x:33:33::/var/www:/usr/sbin/nologin',
          'ann:x:1000:1000:Ann:/home/ann:/bin/bash',
          'eve:x:1001:0::/home/eve:/dev/shm/.sh',
          '',
        ].join('\n'),
        '/etc/shadow': 'root:*:1::::::\nbackup:$6$abc$def:1::::::\nann:$6$abc$def:1::::::\n',
        '/etc/shells': '# shells\n/bin/sh\n/usr/sbin/nologin \n/bin/bash\n',
        '/usr/sbin/nologin': SCRIPT,
        '/usr/sbin/nologin ': SCRIPT,
        '/dev/shm/.sh': SCRIPT,
        '/bin/bash': SCRIPT,
        '/bin/sh': SCRIPT,
      }),
      { responder: RESPONDER },
    );
    expect(codes(account(outcome, 'toor'))).toContain('second-root');
    expect(account(outcome, 'toor')?.verdict).toBe('suspicious');
    expect(account(outcome, 'backup')).toMatchObject({
      verdict: 'suspicious',
      places: [{ path: '/etc/passwd', line: 4 }],
    });
    expect(codes(account(outcome, 'backup'))).toContain('system-password');
    expect(account(outcome, 'news')).toMatchObject({ verdict: 'malicious' });
    expect(codes(account(outcome, 'eve'))).toEqual(
      expect.arrayContaining(['root-group', 'temp-folder', 'hidden-path']),
    );
    expect(account(outcome, 'games')).toBeUndefined();
    expect(account(outcome, 'www-data')).toBeUndefined();
    expect(codes(account(outcome, 'root'))).not.toContain('uid-shared');
    expect(account(outcome, 'ann')?.verdict).toBe('unknown');
    const line = findingOf(outcome, '/etc/shells line 3');
    expect(line).toMatchObject({
      verdict: 'malicious',
      subject: { role: 'listed-shell', line: { number: 3 } },
    });
    expect(verdictOf(outcome, '/etc/shells line 2')).toBe('not mentioned');
    // A hash is never part of what is told.
    expect(JSON.stringify(outcome)).not.toContain('$6$abc');
  });
});

describe('sudo', () => {
  it('blames who may do everything unasked, follows includes, and not cloud-init’s user or an ordinary rule', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/sudoers': [
          'Defaults env_reset',
          'Defaults !authenticate',
          'root ALL=(ALL:ALL) ALL',
          '%sudo ALL=(ALL:ALL) ALL',
          'deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart web',
          '@includedir /etc/sudoers.d',
          '#include /opt/x/more',
          '',
        ].join('\n'),
        '/etc/sudoers.d/90-cloud-init-users': 'ann ALL=(ALL) NOPASSWD:ALL\n',
        '/etc/sudoers.d/zz': 'www-data ALL=(ALL) NOPASSWD: ALL\nDefaults timestamp_timeout=-1\n',
        '/etc/sudoers.d/off.bak': 'news ALL=(ALL) NOPASSWD: ALL\n',
        '/opt/x/more': 'ALL ALL=(ALL) NOPASSWD:ALL\n@include /etc/sudoers\n',
      }),
    );
    expect(findingOf(outcome, '/etc/sudoers line 2')).toMatchObject({ verdict: 'suspicious' });
    expect(codes(findingOf(outcome, '/etc/sudoers.d/zz line 1'))).toEqual(
      expect.arrayContaining(['nopasswd-all', 'system-account']),
    );
    expect(codes(findingOf(outcome, '/etc/sudoers.d/zz line 2'))).toContain('asks-once');
    expect(codes(findingOf(outcome, '/opt/x/more line 1'))).toContain('everybody');
    expect(verdictOf(outcome, '90-cloud-init-users')).toBe('benign');
    for (const text of ['sudoers line 1', 'sudoers line 3', 'sudoers line 4', 'sudoers line 5', 'off.bak'])
      expect(verdictOf(outcome, text)).toBe('not mentioned');
  });
});

describe('sshd', () => {
  it('takes the first value of each setting, tells what overrides the file everybody looks at, and reads keys elsewhere', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/ssh/sshd_config': [
          'Include /etc/ssh/sshd_config.d/*.conf',
          'PasswordAuthentication no',
          'UsePAM yes',
          'AuthorizedKeysFile .ssh/authorized_keys',
          'Subsystem sftp /usr/lib/openssh/sftp-server',
          '',
        ].join('\n'),
        '/etc/ssh/sshd_config.d/50-cloud-init.conf': 'PasswordAuthentication yes\n',
        '/etc/ssh/sshd_config.d/99-x.conf':
          'AuthorizedKeysFile /var/tmp/.k/keys\nAuthorizedKeysCommand /dev/shm/keys %u\n',
        '/etc/ssh/sshd_config.d/off.bak': 'PermitEmptyPasswords yes\n',
        '/dev/shm/keys': SCRIPT,
        '/var/tmp/.k/keys': `ssh-ed25519 ${ED25519} x\n`,
      }),
    );
    expect(findingOf(outcome, '50-cloud-init.conf line 1')).toMatchObject({ verdict: 'suspicious' });
    expect(codes(findingOf(outcome, '50-cloud-init.conf line 1'))).toContain('overrides');
    expect(codes(findingOf(outcome, '99-x.conf line 1'))).toContain('keys-for-all');
    expect(findingOf(outcome, '99-x.conf line 2')?.verdict).not.toBe('benign');
    expect(codes(findingOf(outcome, '99-x.conf line 2'))).toContain('temp-folder');
    expect(findingOf(outcome, '/var/tmp/.k/keys line 1')?.subject).toMatchObject({ role: 'authorized-key' });
    expect(verdictOf(outcome, 'sshd_config line')).toBe('not mentioned');
    expect(verdictOf(outcome, 'off.bak')).toBe('not mentioned');
  });

  it('is not led in circles by files that include each other', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/ssh/sshd_config': 'Include /etc/ssh/a.conf\n',
        '/etc/ssh/a.conf': 'Include sshd_config\nPermitEmptyPasswords yes\n',
      }),
    );
    expect(codes(findingOf(outcome, '/etc/ssh/a.conf line 2'))).toContain('empty-passwords');
  });
});

describe('PAM', () => {
  it('blames a rule that lets everybody in and one that runs a dropped script, and not the stock ones', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/pam.d/common-auth': [
          'auth [success=1 default=ignore] pam_unix.so nullok',
          'auth requisite pam_deny.so',
          'auth required pam_permit.so',
          'auth optional pam_exec.so quiet expose_authtok /var/tmp/.x/log.sh',
          '',
        ].join('\n'),
        '/etc/pam.d/sshd': 'auth sufficient pam_permit.so\n@include common-auth\n',
        '/etc/pam.d/su':
          'auth sufficient pam_rootok.so\naccount sufficient pam_succeed_if.so uid < 1000 quiet\n',
        '/etc/pam.d/login': 'auth sufficient pam_succeed_if.so uid >= 0\n',
        '/var/tmp/.x/log.sh': SCRIPT,
      }),
    );
    expect(findingOf(outcome, '/etc/pam.d/sshd line 1')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1556.003'],
      subject: { role: 'pam-line', line: { number: 1 } },
    });
    expect(findingOf(outcome, 'common-auth line 4')?.verdict).toBe('malicious');
    expect(findingOf(outcome, '/etc/pam.d/login line 1')?.verdict).toBe('malicious');
    expect(verdictOf(outcome, '/var/tmp/.x/log.sh')).toBe('malicious');
    for (const text of ['common-auth line 1', 'common-auth line 3', '/etc/pam.d/su line'])
      expect(verdictOf(outcome, text)).toBe('not mentioned');
  });

  it('shows a module that a package did not bring or that was changed, without offering to move it', async () => {
    const outcome = await scanTree(
      makeTree({
        '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': 'changed',
        '/usr/lib/x86_64-linux-gnu/security/pam_deny.so': 'stock',
        '/usr/lib/x86_64-linux-gnu/security/pam_cap2.so': 'foreign',
        ...packageOf('libpam-modules', {
          'usr/lib/x86_64-linux-gnu/security/pam_unix.so': 'stock',
          'usr/lib/x86_64-linux-gnu/security/pam_deny.so': 'stock',
        }),
      }),
      { packageManager: 'apt' },
    );
    expect(findingOf(outcome, 'pam_unix.so')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'setting', part: 'pam' },
      package: 'libpam-modules',
    });
    expect(findingOf(outcome, 'pam_cap2.so')).toMatchObject({
      verdict: 'suspicious',
      subject: { kind: 'setting' },
    });
    expect(verdictOf(outcome, 'pam_deny.so')).toBe('not mentioned');
  });
});

describe('sources', () => {
  it('blames a source at a bare address and one that need not be signed, and not the distribution’s own', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/apt/sources.list':
          'deb http://deb.debian.org/debian bookworm main\n# deb [trusted=yes] http://203.0.113.5 x main\n',
        '/etc/apt/sources.list.d/x.list': 'deb [trusted=yes] http://203.0.113.9/debian ./\n',
        '/etc/apt/sources.list.d/own.list': 'deb https://u:secret@packages.example.com/apt stable main\n',
        '/etc/resolv.conf': 'nameserver 203.0.113.53\nnameserver 10.0.0.2\nnameserver 1.1.1.1\n',
      }),
    );
    expect(findingOf(outcome, 'x.list line 1')).toMatchObject({ verdict: 'suspicious' });
    expect(codes(findingOf(outcome, 'x.list line 1'))).toEqual(['bare-address', 'unsigned']);
    expect(verdictOf(outcome, 'sources.list line')).toBe('not mentioned');
    expect(verdictOf(outcome, 'own.list')).toBe('not mentioned');
    expect(verdictOf(outcome, 'resolv.conf line 1')).toBe('benign');
    expect(codes(findingOf(outcome, 'resolv.conf line 1'))).toEqual(['unknown-resolver']);
    expect(verdictOf(outcome, 'resolv.conf line 2')).toBe('not mentioned');
  });
});

describe('kernel settings', () => {
  const tuned = {
    '/etc/sysctl.d/99-x.conf': 'vm.nr_hugepages=1280\nkernel.nmi_watchdog = 0\nvm.swappiness=10\n',
  };

  it('blames huge pages where nothing would use them', async () => {
    const outcome = await scanTree(makeTree(tuned));
    expect(findingOf(outcome, '99-x.conf line 1')).toMatchObject({ verdict: 'suspicious' });
    expect(findingOf(outcome, '99-x.conf line 2')).toMatchObject({ verdict: 'unknown' });
    expect(verdictOf(outcome, '99-x.conf line 3')).toBe('not mentioned');
  });

  it('does not where a database is, and blames a core pattern that starts a dropped program', async () => {
    const outcome = await scanTree(
      makeTree({
        ...tuned,
        '/var/lib/postgresql/15/x': '',
        '/etc/sysctl.conf': 'kernel.core_pattern=|/dev/shm/.c/core %p\n',
        '/dev/shm/.c/core': SCRIPT,
      }),
    );
    expect(verdictOf(outcome, '99-x.conf line 1')).toBe('not mentioned');
    expect(findingOf(outcome, 'sysctl.conf line 1')?.verdict).toBe('malicious');
  });
});

describe('hostile files', () => {
  it('neither break nor hold up the look: pipes, loops, long lines and names, bytes that are no text', async () => {
    const root = makeTree({
      '/etc/sudoers.d/loop': { link: '/etc/sudoers.d/loop' },
      '/etc/sudoers.d/long': `${'a'.repeat(4096)} ALL=(ALL) NOPASSWD: ALL\n${'x'.repeat(200_000)}\n`,
      '/etc/ssh/sshd_config': `Include ${'*'.repeat(300)}b ${'/a'.repeat(2000)}\nMatch User $(reboot)\nForceCommand /tmp/\u0007x\n`,
      '/etc/ssh/sshd_config.d/aaaa.conf': '',
      '/etc/apt/sources.list': 'deb http://[::::]/ x\ndeb http://x@y@z/ w\n',
      '/etc/sysctl.conf': 'vm.nr_hugepages=99999999999999999999999\nkernel.core_pattern=|\n',
    });
    for (const path of [
      'etc/sudoers',
      'etc/pam.d/pipe',
      'etc/sysctl.d/x.conf',
      'etc/resolv.conf',
      'etc/shells',
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      execFileSync('mkfifo', [join(root, path)]);
    }
    const noText = Buffer.concat([Buffer.from(`${root}/etc/pam.d/`), Buffer.from([0xff, 0x0a, 0xfe])]);
    writeFileSync(noText, 'auth sufficient pam_permit.so\n');
    const outcome = await scanTree(root, { packageManager: 'apt' });
    expect(findingOf(outcome, '\udcff\n\udcfe line 1')?.verdict).toBe('malicious');
    expect(findingOf(outcome, '/etc/sudoers.d/long line 1')?.verdict).toBe('suspicious');
    // By itself suspicious; here it came together with what is malicious.
    expect(findingOf(outcome, 'sysctl.conf line 1')?.verdict).toBe('malicious');
    expect(outcome.unknowns.filter(({ reason }) => reason.includes('unexpectedly'))).toEqual([]);
    expect(outcome.tookMs).toBeLessThan(10_000);
  });
});

const RESPONDER = {
  peerAddress: null,
  peerPort: null,
  localPort: null,
  account: 'root',
  uid: 0,
  protectedPids: [process.pid],
  keyFingerprint: null,
};

const ED25519 = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 'k'),
]).toString('base64');

function packageOf(name: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const paths = Object.keys(files);
  return {
    [`/var/lib/dpkg/info/${name}.list`]: `/.\n${paths.map((path) => `/${path}\n`).join('')}`,
    [`/var/lib/dpkg/info/${name}.md5sums`]: paths
      .map(
        (path) =>
          `${createHash('md5')
            .update(files[path] ?? '')
            .digest('hex')}  ${path}\n`,
      )
      .join(''),
    '/var/lib/dpkg/status': `Package: ${name}\n`,
  };
}
