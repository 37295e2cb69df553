import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { makeTree, scanTree, type TreeEntry } from './tree.ts';

type Entries = Readonly<Record<string, TreeEntry>>;

const FACTS = { packageManager: 'apk', distribution: 'Alpine Linux v3.20' } as const;
const script = (text: string): TreeEntry => ({ text: `#!/bin/sh\n${text}\n`, mode: 0o755 });
const service = (text: string): TreeEntry => ({ text: `#!/sbin/openrc-run\n\n${text}`, mode: 0o755 });
const BUSYBOX = { link: '/bin/busybox' };
const BAD = '/var/tmp/.q/run';

/** alpine-baselayout's own. The hash that apk has of it is below, as it stands on every Alpine. */
const CRONTAB = `# do daily/weekly/monthly maintenance
# min\thour\tday\tmonth\tweekday\tcommand
*/15\t*\t*\t*\t*\trun-parts /etc/periodic/15min
0\t*\t*\t*\t*\trun-parts /etc/periodic/hourly
0\t2\t*\t*\t*\trun-parts /etc/periodic/daily
0\t3\t*\t*\t6\trun-parts /etc/periodic/weekly
0\t5\t1\t*\t*\trun-parts /etc/periodic/monthly

`;
const INITTAB =
  '# /etc/inittab\n\n::sysinit:/sbin/openrc sysinit\n::sysinit:/sbin/openrc boot\n::wait:/sbin/openrc default\n\ntty1::respawn:/sbin/getty 38400 tty1\n\n::ctrlaltdel:/sbin/reboot\n::shutdown:/sbin/openrc shutdown\n';

const PACKAGES: Readonly<Record<string, Entries>> = {
  'alpine-baselayout': {
    '/etc/crontabs/root': { text: CRONTAB, mode: 0o600 },
    '/etc/profile.d/20locale.sh': 'export CHARSET=${CHARSET:-UTF-8}\n',
    '/etc/profile.d/color_prompt.sh.disabled': '# prompt\n',
    '/etc/mtab': { link: '/proc/mounts' },
    '/etc/inittab': INITTAB,
    '/etc/modules': 'af_packet\nipv6\n',
    '/etc/profile': 'export PAGER=less\nfor script in /etc/profile.d/*.sh ; do\n\t. "$script"\ndone\n',
    '/var/spool/cron/crontabs': { link: '/etc/crontabs' },
  },
  busybox: {
    '/bin/busybox': { text: '\x7fELFbusybox', mode: 0o755 },
    '/bin/sh': BUSYBOX,
    '/usr/share/udhcpc/default.script': script('[ -f /etc/udhcpc/udhcpc.conf ] && . /etc/udhcpc/udhcpc.conf'),
    '/etc/network/if-up.d/dad': script('ip address show dev $IFACE'),
    '/etc/logrotate.d/acpid':
      '/var/log/acpid.log {\n postrotate\n  /etc/init.d/acpid --quiet --ifstarted restart || true\n endscript\n}\n',
    '/etc/acpi/PWRF/00000080': script('poweroff'),
  },
  'busybox-suid': { '/bin/bbsuid': { text: '\x7fELFbbsuid', mode: 0o4111 } },
  'busybox-openrc': {
    '/etc/init.d/crond': service('command="/usr/sbin/$SVCNAME"\ncommand_args="$CRON_OPTS"\n'),
    '/etc/init.d/syslog': service('command="/sbin/syslogd"\ncommand_args="${SYSLOGD_OPTS}"\n'),
    '/etc/conf.d/crond': '#CRON_OPTS="-c /etc/crontabs"\n',
    '/etc/conf.d/syslog': 'SYSLOGD_OPTS="-t"\n',
  },
  // A library, and under /usr a link of the same name: two records that are one where /usr is merged.
  libcrypto3: {
    '/lib/libcrypto.so.3': { text: '\x7fELFcrypto', mode: 0o755 },
    '/usr/lib/libcrypto.so.3': { link: '../../lib/libcrypto.so.3' },
  },
};

/** What is on such a host and in no package: links to applets, what the administrator wrote. */
const OWN: Entries = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n',
  '/bin/ps': BUSYBOX,
  '/bin/ls': BUSYBOX,
  '/bin/netstat': BUSYBOX,
  '/usr/bin/crontab': { link: '/bin/bbsuid' },
  '/etc/runlevels/default/crond': { link: '/etc/init.d/crond' },
  '/etc/runlevels/boot/syslog': { link: '/etc/init.d/syslog' },
  '/etc/network/interfaces':
    'auto eth0\niface eth0 inet dhcp\n\thostname web\n\tup ip route add 10.0.0.0/8 via 10.1.1.1\n',
  '/etc/local.d/leds.start': script('echo 0 > /sys/class/leds/a/brightness'),
  '/etc/periodic/daily/backup': script('tar czf /srv/backup.tgz /etc'),
  '/etc/apk/repositories': 'https://dl-cdn.alpinelinux.org/alpine/v3.20/main\n',
  '/etc/apk/world': 'alpine-base\nopenssh\n',
  '/etc/doas.d/wheel.conf': 'permit persist :wheel\n',
  '/etc/mdev.conf': '-?null 0:0 666\nconsole 0:5 0600\nsd[a-z].* root:disk 0660 */lib/mdev/usbdisk_link\n',
  '/etc/conf.d/syslog.apk-new': `${BAD}\n`,
};

const PLANTED: Entries = {
  [BAD]: script('sleep 1'),
  '/etc/crontabs/root': { text: `${CRONTAB}*/5 * * * * ${BAD}\n* * * * * echo 5% ; ${BAD}\n`, mode: 0o600 },
  '/etc/inittab': `${INITTAB}::respawn:-${BAD}\n ::once:/bin/sh -c "${BAD} x"\n`,
  '/etc/periodic/15min/update.sh': script(BAD),
  '/etc/conf.d/syslog': `SYSLOGD_OPTS="-t"\n${BAD} &\n`,
  '/etc/init.d/netd': service(`command=${BAD}\ncommand_background=true\n`),
  '/etc/runlevels/default/netd': { link: '/etc/init.d/netd' },
  '/etc/local.d/net.start': script(BAD),
  '/etc/profile.d/lang.sh': `export ENV=${BAD}\n`,
  '/etc/udhcpc/post-bound/x': script(BAD),
  '/etc/udhcpc/udhcpc.conf': `RESOLV_CONF="no"\n${BAD}\n`,
  '/etc/network/if-up.d/x': script(BAD),
  '/etc/network/interfaces': `iface eth0 inet dhcp\n\tup ${BAD}\n`,
  '/etc/acpi/LID/00000080': script(BAD),
  '/etc/mdev.conf': `console 0:5 0600\nnull root:root 0666 @${BAD}\n`,
  '/etc/apk/commit_hooks.d/x': script(BAD),
  '/etc/doas.d/x.conf': 'permit persist :wheel\npermit nopass keepenv ann\n',
  '/bin/ps': script('/bin/busybox ps "$@" | grep -v xmrig'),
  '/usr/lib/libcrypto.so.3': { text: '\x7fELFother', mode: 0o755 },
};
const MALICIOUS = [
  '/etc/crontabs/root:9',
  '/etc/crontabs/root:10',
  '/etc/inittab:11',
  '/etc/inittab:12',
  '/etc/periodic/15min/update.sh:2',
  '/etc/conf.d/syslog:2',
  '/etc/init.d/netd:3',
  '/etc/local.d/net.start:2',
  '/etc/profile.d/lang.sh:1',
  '/etc/udhcpc/post-bound/x:2',
  '/etc/udhcpc/udhcpc.conf:2',
  '/etc/network/if-up.d/x:2',
  '/etc/network/interfaces:2',
  '/etc/acpi/LID/00000080:2',
  '/etc/mdev.conf:2',
  '/etc/apk/commit_hooks.d/x:2',
  '/bin/ps:',
];

describe('an Alpine', () => {
  let stock: ScanOutcome;
  let planted: ScanOutcome;
  beforeAll(async () => {
    stock = await scanTree(alpine({}), FACTS);
    planted = await scanTree(alpine(PLANTED), FACTS);
  });

  it('has nothing malicious or suspicious as it comes, and all of it could be looked at', () => {
    expect(worse(stock).map(({ title, reasons }) => [title, reasons.map(({ code }) => code)])).toEqual([]);
    expect(stock.unknowns).toEqual([]);
  });

  it('is told of whatever starts something where Alpine keeps such, at its line', () => {
    const told = worse(planted)
      .filter(({ verdict }) => verdict === 'malicious')
      .flatMap(({ places }) => places.map(({ path, line = '' }) => `${path}:${line}`));
    expect(MALICIOUS.filter((place) => !told.includes(place))).toEqual([]);
    expect(worse(planted).find(({ title }) => title.startsWith('/etc/doas.d/x.conf'))).toMatchObject({
      verdict: 'suspicious',
      places: [{ line: 2 }],
    });
    expect(told.filter((place) => place.includes('apk-new'))).toEqual([]);
  });

  it('knows by apk’s hashes what is as it came, links and files under a merged /usr among them', async () => {
    const changed = alpine({
      '/bin/busybox': { text: '\x7fELFother', mode: 0o755 },
      '/bin/sh': { link: '/tmp/sh' },
    });
    const outcome = await scanTree(changed, FACTS, ['tools']);
    expect(outcome.findings.map(({ title, verdict }) => [title, verdict])).toContainEqual([
      '/bin/busybox',
      'malicious',
    ]);
    expect((await scanTree(alpine({}), FACTS, ['tools'])).findings).toEqual([]);
  });
});

/** The three sums are those of a real Alpine 3.20: of a file, and of two links, which is of what they lead to. */
const REAL_SUMS: Readonly<Record<string, string>> = {
  '/etc/crontabs/root': 'Q1vfk1apUWI4yLJGhhNRd0kJixfvY=',
  '/etc/mtab': 'Q1kiljhXXH1LlQroHsEJIkPZg2eiw=',
  '/bin/sh': 'Q1pcfTfDNEbNKQc2s1tia7da05M8Q=',
};

function alpine(more: Entries): string {
  const packaged = Object.assign({}, ...Object.values(PACKAGES)) as Entries;
  return makeTree({ '/lib/apk/db/installed': database(), ...packaged, ...OWN, ...more });
}

function database(): string {
  return Object.entries(PACKAGES)
    .map(
      ([name, files]) =>
        `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=\nP:${name}\nV:1-r0\nA:x86_64\nD:/bin/sh\np:cmd:${name}=1-r0\nF:\nF:tmp\nM:0:0:1777\n${records(files)}\n`,
    )
    .join('\n');
}

function records(files: Entries): string {
  return Object.entries(files)
    .map(([path, entry]) => {
      const slash = path.lastIndexOf('/');
      const mode = modeOf(entry);
      const sum = REAL_SUMS[path] ?? `Q1${createHash('sha1').update(textOf(entry)).digest('base64')}`;
      return `F:${path.slice(1, slash)}\nR:${path.slice(slash + 1)}\n${mode === '644' ? '' : `a:0:0:${mode}\n`}Z:${sum}`;
    })
    .join('\n');
}

function modeOf(entry: TreeEntry): string {
  if (typeof entry === 'string') return '644';
  return 'link' in entry ? '777' : 'mode' in entry ? entry.mode.toString(8) : '644';
}

function textOf(entry: TreeEntry): string {
  if (typeof entry === 'string') return entry;
  return 'link' in entry ? entry.link : 'text' in entry ? entry.text : '';
}

function worse({ findings }: ScanOutcome): readonly Finding[] {
  return findings.filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious');
}
