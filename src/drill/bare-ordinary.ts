import { type BareNames, openrcScript, sysvScript } from './bare-infection.ts';
import { lines } from './ordinary-lines.ts';
import type { Part } from './scene.ts';

const AGENT = '/opt/hostwatch/bin/hostwatch-agent';
const SETTINGS = '--config /etc/hostwatch/agent.conf';

/** The agent started as such a host starts one, and its administrator's own lines above and below the bad ones. */
export function bareOrdinary({ init }: BareNames): Part[] {
  const text =
    init === 'sysv'
      ? sysvScript('hostwatch', `${AGENT} ${SETTINGS}`)
      : openrcScript('hostwatch', AGENT, SETTINGS);
  const link = init === 'sysv' ? '/etc/rc2.d/S20hostwatch' : '/etc/runlevels/default/hostwatch';
  return [
    {
      kind: 'file',
      role: 'ordinary',
      what: 'init script of the agent',
      path: '/etc/init.d/hostwatch',
      text,
      mode: 0o755,
    },
    {
      kind: 'link',
      role: 'ordinary',
      what: 'init script of the agent enabled',
      path: link,
      target: '/etc/init.d/hostwatch',
    },
    lines('/etc/inittab', 0o644, [
      ['inittab comment', '# /etc/inittab: id:runlevels:action:process'],
      ['default runlevel', 'id:2:initdefault:'],
      ['start of the runlevel', 'l2:2:wait:/etc/init.d/rc 2'],
      ['console', '1:2345:respawn:/sbin/getty 38400 tty1'],
      ['watched agent', `hw:2345:respawn:${AGENT} ${SETTINGS}`],
    ]),
    lines('/etc/rc.local', 0o755, [
      ['first line', '#!/bin/sh -e'],
      ['tuning of the administrator', 'echo 1 > /sys/kernel/mm/ksm/run || true'],
    ]),
    {
      ...{
        kind: 'file',
        role: 'ordinary',
        what: 'daily script',
        path: '/etc/cron.daily/hostwatch',
        mode: 0o755,
      },
      text: '#!/bin/sh\n[ -x /opt/hostwatch/bin/ship ] && /opt/hostwatch/bin/ship\n',
    },
    {
      ...{
        kind: 'file',
        role: 'ordinary',
        what: 'start of every login',
        path: '/etc/profile.d/prompt.sh',
        mode: 0o644,
      },
      text: '[ -n "$PS1" ] && PS1="[web] \\\\u@\\\\h:\\\\w\\\\$ "\n',
    },
  ];
}

export function bareOrdinaryBelow(): Part[] {
  return [
    lines('/etc/inittab', 0o644, [['serial console', 'T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100']]),
    lines('/etc/rc.local', 0o755, [['last line', 'exit 0']]),
  ];
}
