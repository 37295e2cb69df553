import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { patch } from '../../../../src/actions/patch.ts';
import type { Finding } from '../../../../src/findings/finding.ts';
import type { ScanOutcome } from '../../../../src/findings/scan.ts';
import { makeTree, scanTree, type TreeEntry } from '../tree.ts';
import { JNDI, log4jJar, makeZip, propertiesEntry } from './make-zip.ts';
import { type Running, runningEntries, socketTable } from './running.ts';

async function look(
  entries: Record<string, TreeEntry>,
  prepare: (root: string) => void = () => {},
): Promise<ScanOutcome> {
  const root = makeTree(entries);
  prepare(root);
  return scanTree(root, {}, ['entry-points']);
}

/** What was found, as “program version”, with the verdict and what is known of the way to it. */
function holesIn({ findings }: ScanOutcome): string[] {
  return findings
    .filter(({ reasons }) => reasons.some(({ code }) => code === 'known-hole'))
    .map(({ title, verdict }) => `${title.split(' has a known hole')[0]}: ${verdict}`)
    .toSorted();
}

const JAVA: Running = { pid: 70, exe: '/usr/lib/jvm/bin/java', words: ['java'], folder: '/' };
const NODE: Running = {
  pid: 80,
  exe: '/usr/bin/node',
  words: ['node', 'server.js'],
  folder: '/srv/shop',
  sockets: [9],
};
const NEXT = {
  '/srv/shop/node_modules/next/package.json': '{"name":"next","version":"15.0.3"}',
  '/srv/shop/app/layout.tsx': '',
};
const jar = (...members: Parameters<typeof makeZip>[0]): TreeEntry => ({ bytes: makeZip(members) });
const text = (name: string, content: string) => ({ name, bytes: Buffer.from(content), isPacked: true });

test('each program where it writes its version down', async () => {
  const outcome = await look({
    '/opt/gitlab/version-manifest.txt': 'gitlab-ce 13.10.2\n\nComponent Installed Version\n',
    '/opt/atlassian/confluence/confluence/META-INF/maven/com.atlassian.confluence/confluence-webapp/pom.properties':
      'version=7.13.6\ngroupId=com.atlassian.confluence\n',
    '/opt/metabase/metabase.jar': jar(
      text('metabase/core__init.class', ''),
      text('version.properties', 'date=2023-06-29\ntag=v0.46.6\nhash=1bb88f5\n'),
    ),
    '/u01/oracle/inventory/registry.xml':
      '<registry><distributions>\n<distribution status="installed" name="WebLogic Server" version="12.2.1.4.0">\n</distributions></registry>',
    '/opt/activemq/lib/activemq-broker-5.15.15.jar': jar(text('a', '')),
    '/opt/activemq/activemq-all-5.15.15.jar': jar(text('a', '')),
    '/opt/activemq-new/lib/activemq-broker-5.18.3.jar': jar(text('a', '')),
    '/opt/nacos/target/nacos-server.jar': jar({
      name: 'BOOT-INF/lib/nacos-core-1.4.0.jar',
      bytes: Buffer.from(''),
    }),
    '/opt/rocketmq/lib/rocketmq-broker-4.9.4.jar': jar(text('a', '')),
    '/srv/jobs/xxl-job-executor.jar': jar({
      name: 'BOOT-INF/lib/xxl-job-core-2.2.0.jar',
      bytes: Buffer.from(''),
    }),
    '/usr/share/jenkins/jenkins.war': jar(
      text('META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\r\nJenkins-Version: 2.426.2\r\n'),
      text('WEB-INF/lib/jenkins-core-2.426.2.jar', ''),
    ),
    '/var/www/html/pma/README': 'phpMyAdmin - Readme\n===================\n\nVersion 4.8.1\n',
    '/var/www/html/pma/libraries/x': '',
    '/var/www/html/pma/themes/x': '',
    '/srv/rsc/node_modules/react-server-dom-webpack/package.json': '{"version":"19.1.1"}',
  });
  expect(holesIn(outcome)).toEqual([
    'ActiveMQ 5.15.15: unknown',
    'Confluence 7.13.6: unknown',
    'GitLab 13.10.2: unknown',
    'Jenkins 2.426.2: unknown',
    'Metabase 0.46.6: unknown',
    'Nacos 1.4.0: unknown',
    'React Server Components 19.1.1: unknown',
    'RocketMQ 4.9.4: unknown',
    'WebLogic 12.2.1.4.0: unknown',
    'XXL-Job 2.2.0: unknown',
    'phpMyAdmin 4.8.1: unknown',
  ]);
  // Nothing of it runs: nobody comes in by it now.
  expect(outcome.findings.every(({ verdict }) => verdict === 'unknown')).toBe(true);
});

test('what Jenkins noted when it was last started counts, not what its settings were last saved by', async () => {
  const settings = '<hudson>\n  <version>2.426.2</version>\n</hudson>\n';
  const mended = await look({
    '/var/lib/jenkins/config.xml': settings,
    '/var/lib/jenkins/jenkins.install.InstallUtil.lastExecVersion': '2.479.3',
  });
  expect(holesIn(mended)).toEqual([]);
  expect(holesIn(await look({ '/var/lib/jenkins/config.xml': settings }))).toEqual([
    'Jenkins 2.426.2: unknown',
  ]);
});

test.each<[string, Record<string, TreeEntry>, string, string]>([
  [
    'on every address',
    { '/proc/net/tcp': socketTable({ inode: 9, port: 3000 }) },
    'suspicious',
    'Port 3000 is open beyond this host',
  ],
  [
    'on loopback',
    { '/proc/net/tcp': socketTable({ inode: 9, port: 3000, isLocal: true }) },
    'unknown',
    'this host alone',
  ],
  [
    'on loopback, behind nginx',
    {
      '/proc/net/tcp': socketTable({ inode: 9, port: 3000, isLocal: true }),
      '/etc/nginx/sites-available/shop': 'upstream shop {\n  server 127.0.0.1:3000;\n}\n',
      '/etc/nginx/sites-enabled/shop': { link: '../sites-available/shop' },
    },
    'suspicious',
    '/etc/nginx/sites-enabled/shop line 2',
  ],
  [
    'on loopback, with an nginx that leads elsewhere',
    {
      '/proc/net/tcp': socketTable({ inode: 9, port: 3000, isLocal: true }),
      '/etc/nginx/nginx.conf': 'location / { proxy_pass http://127.0.0.1:30001; }\n',
    },
    'unknown',
    'this host alone',
  ],
  ['on nothing', { '/proc/net/tcp': socketTable({ inode: 8, port: 3000 }) }, 'unknown', 'listens on no port'],
])('who reaches it decides: it listens %s', async (_what, more, verdict, why) => {
  const outcome = await look({ ...NEXT, ...runningEntries(NODE), ...more });
  const finding = outcome.findings.find(({ title }) => title.startsWith('Next.js'));
  expect(finding?.verdict).toBe(verdict);
  expect(finding?.reasons.some(({ text }) => text.includes(why))).toBe(true);
});

test.each([
  ['{"dependencies":{"react-server-dom-webpack":"^19.1.0"}}', 'suspicious'],
  ['{"dependencies":{"expo":"^53.0.0"}}', 'unknown'],
  ['null', 'unknown'],
])('React Server Components are an application’s where it asks for them: %s', async (own, verdict) => {
  const outcome = await look({
    '/srv/shop/package.json': own,
    '/srv/shop/node_modules/react-server-dom-webpack/package.json': '{"version":"19.1.1"}',
    ...runningEntries(NODE),
    '/proc/net/tcp': socketTable({ inode: 9, port: 3000 }),
  });
  expect(holesIn(outcome)).toEqual([`React Server Components 19.1.1: ${verdict}`]);
});

test('a cluster’s port is held by the parent', async () => {
  const outcome = await look({
    ...NEXT,
    ...runningEntries(
      { ...NODE, sockets: [], parent: 81 },
      { ...NODE, pid: 81, words: ['PM2 v5.4.2: God Daemon (/root/.pm2)'], folder: '/root' },
    ),
    '/proc/net/tcp': socketTable({ inode: 9, port: 3000 }),
  });
  expect(holesIn(outcome)).toEqual(['Next.js 15.0.3: suspicious']);
});

test('a port that another of the same parent’s children has is not this one’s', async () => {
  const outcome = await look({
    ...NEXT,
    ...runningEntries(
      { ...NODE, sockets: [9], parent: 81 },
      { ...NODE, pid: 81, words: ['PM2 v5.4.2: God Daemon (/root/.pm2)'], folder: '/root', sockets: [10] },
    ),
    '/proc/net/tcp': socketTable({ inode: 9, port: 3000, isLocal: true }, { inode: 10, port: 80 }),
  });
  expect(holesIn(outcome)).toEqual(['Next.js 15.0.3: unknown']);
});

test('what runs still is what it was started as, whatever was put in its place', async () => {
  const running = (version: string) => runningEntries({ ...NODE, words: [`next-server (v${version})`] });
  const mended = { ...NEXT, '/srv/shop/node_modules/next/package.json': '{"version":"15.0.5"}' };
  const listening = { '/proc/net/tcp': socketTable({ inode: 9, port: 3000 }) };
  const outcome = await look({ ...mended, ...running('15.0.3'), ...listening });
  expect(holesIn(outcome)).toEqual(['Next.js 15.0.3: suspicious']);
  expect(outcome.findings.find(({ title }) => title.startsWith('Next'))?.places).toEqual([
    { path: '/proc/80/cmdline' },
  ]);
  expect(holesIn(await look({ ...mended, ...running('15.0.5'), ...listening }))).toEqual([]);
  expect(holesIn(await look({ ...NEXT, ...running('15.0.3'), ...listening }))).toEqual([
    'Next.js 15.0.3: suspicious',
  ]);
});

test('a web server’s container has its own phpMyAdmin', async () => {
  const outcome = await look({
    '/proc/self/root/x': '',
    '/proc/80/root/var/www/html/README': 'Version 3.1.2\n',
    '/proc/80/root/var/www/html/libraries/x': '',
    '/proc/80/root/var/www/html/themes/x': '',
    '/proc/80/root/var/www/html/node_modules/next/package.json': 'none',
    ...runningEntries({
      ...NODE,
      exe: '/usr/sbin/apache2',
      words: ['apache2', '-DFOREGROUND'],
      folder: '/var/www/html',
    }),
    '/proc/net/tcp': socketTable({ inode: 9, port: 80 }),
  });
  expect(holesIn(outcome)).toEqual(['phpMyAdmin 3.1.2: suspicious']);
  expect(outcome.unknowns.map(({ what }) => what)).toContain(
    '/proc/80/root/var/www/html/node_modules/next/package.json',
  );
});

test('in a container: its own files, its own network, and what is published', async () => {
  const id = '3f2a'.repeat(16);
  const inside = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`/proc/80/root${path}`, content]));
  const container = {
    ...inside({
      '/app/node_modules/next/package.json': '{"version":"16.0.6"}',
      '/app/.next/server/app/page.js': '',
    }),
    // What the same path says on the host is another’s.
    '/app/node_modules/next/package.json': '{"version":"16.0.7"}',
    '/proc/self/root/x': '',
    '/proc/self/ns/net': { link: 'net:[1]' },
    ...runningEntries({ ...NODE, folder: '/app', cgroup: `/system.slice/docker-${id}.scope` }),
    '/proc/80/ns/net': { link: 'net:[2]' },
    '/proc/80/net/tcp': socketTable({ inode: 9, port: 3000 }),
  };
  const proxy = (address: string): Record<string, TreeEntry> =>
    runningEntries({
      ...JAVA,
      exe: '/usr/bin/docker-proxy',
      words: [
        '/usr/bin/docker-proxy',
        '-proto',
        'tcp',
        '-host-ip',
        address,
        '-host-port',
        '8080',
        '-container-ip',
        '172.17.0.2',
        '-container-port',
        '3000',
      ],
    });
  for (const [more, verdict, why] of [
    [proxy('0.0.0.0'), 'suspicious', 'Port 8080 of this host leads to it'],
    [proxy('127.0.0.1'), 'unknown', 'this host alone'],
    [{}, 'suspicious', 'open beyond its container'],
  ] as const) {
    const { findings } = await look({ ...container, ...more });
    const [finding, ...others] = findings.filter(({ title }) => title.startsWith('Next.js'));
    expect(others).toEqual([]);
    expect(finding?.title).toContain('/app/node_modules/next/package.json, in the container 3f2a3f2a3f2a)');
    expect(finding?.places[0]?.path).toBe('/proc/80/root/app/node_modules/next/package.json');
    expect(finding?.verdict).toBe(verdict);
    expect(finding?.reasons.map(({ text }) => text).join('\n')).toContain(why);
  }
});

test('Log4j: by name, within, built in, with and without what makes it dangerous', async () => {
  const outcome = await look({
    '/opt/a/lib/log4j-core-2.14.1.jar': { bytes: log4jJar() },
    '/opt/b/lib/log4j-core-2.17.1.jar': { bytes: log4jJar() },
    '/opt/c/lib/log4j-core-2.14.1.jar': { bytes: log4jJar({ isDefused: true }) },
    // As Spring Boot makes them: not packed, behind a script.
    '/opt/d/app.jar': {
      bytes: makeZip([{ name: 'BOOT-INF/lib/log4j-core-2.12.1.jar', bytes: log4jJar() }], {
        before: '#!/bin/bash\nexec java\n',
      }),
    },
    '/opt/e/app.jar': jar({
      name: 'BOOT-INF/lib/log4j-core-2.12.1.jar',
      bytes: log4jJar({ isDefused: true }),
    }),
    '/opt/f/webapps/shop.war': {
      bytes: makeZip([{ name: 'WEB-INF/lib/log4j-core-2.13.0.jar', bytes: log4jJar(), isPacked: true }], {
        comment: 'PK\u0005\u0006 is not the end',
      }),
    },
    '/opt/g/webapps/shop/WEB-INF/lib/log4j-core-2.0-beta9.jar': { bytes: log4jJar() },
    '/opt/h/all-in-one.jar': jar(
      text(JNDI, ''),
      propertiesEntry('org.apache.logging.log4j', 'log4j-core', '2.11.2'),
    ),
    '/opt/i/all-in-one.jar': jar(
      text(JNDI, ''),
      propertiesEntry('org.apache.logging.log4j', 'log4j-core', '2.20.0'),
    ),
    '/opt/j/all-in-one.jar': jar(text(JNDI, '')),
    '/opt/k/lib/log4j-core.jar': { link: '/opt/a/lib/log4j-core-2.14.1.jar' },
    '/opt/l/lib/log4j-core-2.11.1.redhat-00002.jar': { bytes: log4jJar() },
    '/opt/m/lib/log4j-core-2.15.0.jar': { bytes: log4jJar() },
    '/opt/n/app.jar': {
      bytes: makeZip([{ name: 'lib/log4j-core-2.9.1.jar', bytes: log4jJar() }], { isLarge: true }),
    },
  });
  expect(holesIn(outcome)).toEqual([
    'Log4j 2.0-beta9: unknown',
    'Log4j 2.11.2: unknown',
    'Log4j 2.12.1: unknown',
    'Log4j 2.13.0: unknown',
    'Log4j 2.14.1: unknown',
    'Log4j 2.15.0: unknown',
    'Log4j 2.9.1: unknown',
  ]);
  const untold = outcome.unknowns.map(({ what, reason }) => `${what}: ${reason}`);
  expect(untold).toContain('/opt/j/all-in-one.jar: it holds Log4j and does not say of which version');
  expect(untold.some((line) => line.includes('2.11.1.redhat-00002 cannot be compared'))).toBe(true);
});

test.each([
  ['2.14.1', ['-Dlog4j2.formatMsgNoLookups=true'], 'unknown'],
  ['2.14.1', ['-Dlog4j2.formatMsgNoLookups=false'], 'suspicious'],
  // It knew no such switch yet.
  ['2.9.1', ['-Dlog4j2.formatMsgNoLookups=true'], 'suspicious'],
])('Log4j %s that was started with %j', async (version, more, verdict) => {
  const path = `/data/log4j-core-${version}.jar`;
  const outcome = await look({
    [path]: { bytes: log4jJar() },
    ...runningEntries({ ...JAVA, words: ['java', ...more, '-cp', path, 'Main'], sockets: [9] }),
    '/proc/net/tcp': socketTable({ inode: 9, port: 8080 }),
  });
  expect(holesIn(outcome)).toEqual([`Log4j ${version}: ${verdict}`]);
});

test('a class path, open archives and homes lead to what lies elsewhere', async () => {
  const broker = jar(text('a', ''));
  const outcome = await look({
    '/data/a/activemq-broker-5.16.0.jar': broker,
    '/data/b/rocketmq-namesrv-5.1.1.jar': broker,
    '/data/c/lib/nacos-core-1.3.0.jar': broker,
    '/data/d/xxl-job-core-2.1.0.jar': broker,
    ...runningEntries({
      ...JAVA,
      words: ['java', '-cp', '/data/a/*:/data/x.jar', '-Drmq.home=/data/c', 'Main'],
      open: ['/data/b/rocketmq-namesrv-5.1.1.jar', '/data/d/xxl-job-core-2.1.0.jar'],
      sockets: [9],
      cgroup: '/system.slice/broker.service',
    }),
    '/proc/net/tcp': socketTable({ inode: 9, port: 61616 }),
  });
  expect(holesIn(outcome)).toEqual([
    'ActiveMQ 5.16.0: suspicious',
    'Nacos 1.3.0: suspicious',
    'RocketMQ 5.1.1: suspicious',
    // Whether it asks for a token its settings say, not its version.
    'XXL-Job 2.1.0: unknown',
  ]);
  const [activemq] = outcome.findings.filter(({ title }) => title.startsWith('ActiveMQ'));
  expect(activemq?.subject).toMatchObject({ advice: expect.stringContaining('Upgrade to 5.16.7') });
  expect(activemq?.subject).toMatchObject({ advice: expect.stringContaining('It runs as broker.service') });
  const plan = patch.plan({
    chosen: [],
    findings: outcome.findings,
    parameters: {},
    facts: { packageManager: 'apt' } as never,
    command: null,
  });
  expect(plan.remarks.join('\n')).toContain('Upgrade to 5.16.7');
});

test.each([
  [[], 'suspicious'],
  [['--username', 'tests', '--password', 'x'], undefined],
  [['--config', '/etc/open.toml'], 'suspicious'],
  [['--config', '/etc/locked.toml'], undefined],
  [['--config=/etc/none.toml'], undefined],
] as const)(
  'Selenium Grid has no version that does without a password: started with %j',
  async (more, verdict) => {
    const words = ['java', '-jar', '/opt/selenium/selenium-server-4.21.0.jar', 'standalone', ...more];
    const outcome = await look({
      '/etc/open.toml': '[server]\nport = 4444\n',
      '/etc/locked.toml': '[router]\nusername = "tests"\n',
      ...runningEntries({ ...JAVA, words, sockets: [9] }),
      '/proc/net/tcp': socketTable({ inode: 9, port: 4444 }),
    });
    expect(outcome.findings.find(({ title }) => title.startsWith('Selenium'))?.verdict).toBe(verdict);
  },
);

test('of several networks that it listens in the widest counts', async () => {
  const outcome = await look({
    ...NEXT,
    '/proc/self/ns/net': { link: 'net:[1]' },
    ...runningEntries({ ...NODE, sockets: [8] }, { ...NODE, pid: 82, sockets: [9] }),
    '/proc/80/ns/net': { link: 'net:[1]' },
    '/proc/82/ns/net': { link: 'net:[3]' },
    '/proc/82/net/tcp': socketTable({ inode: 9, port: 3000 }),
    '/proc/net/tcp': socketTable({ inode: 8, port: 3000, isLocal: true }),
  });
  expect(holesIn(outcome)).toEqual(['Next.js 15.0.3: suspicious']);
});

test('what its makers’ own package brought is mended by the update of that package', async () => {
  const root = makeTree({
    '/opt/gitlab/version-manifest.txt': 'gitlab-ee 13.9.5\n',
    '/var/lib/dpkg/status': 'Package: gitlab-ee\nStatus: install ok installed\nVersion: 13.9.5-ee.0\n',
    '/var/lib/dpkg/info/gitlab-ee.list': '/.\n/opt/gitlab/version-manifest.txt\n',
    ...runningEntries({
      ...NODE,
      exe: '/opt/gitlab/embedded/sbin/nginx',
      words: ['nginx'],
      folder: '/var/opt/gitlab',
    }),
    '/proc/net/tcp': socketTable({ inode: 9, port: 443 }),
  });
  const outcome = await scanTree(root, { packageManager: 'apt' }, ['entry-points']);
  expect(holesIn(outcome)).toEqual(['GitLab 13.9.5: suspicious']);
  const pending = ['gitlab-ee', 'vim'].map((name) => ({
    ...{
      id: name,
      title: name,
      verdict: 'unknown',
      score: 20,
      reasons: [],
      places: [],
      attack: [],
      times: null,
      owner: null,
    },
    subject: { kind: 'package', manager: 'apt', name, installed: '1', available: '2', isSecurity: false },
  })) as unknown as Finding[];
  const chosen = outcome.findings.filter(({ title }) => title.startsWith('GitLab'));
  const plan = patch.plan({
    ...{ chosen, findings: [...outcome.findings, ...pending], parameters: {}, command: null },
    facts: { packageManager: 'apt' } as never,
  });
  expect(plan.operations.map(({ target }) => target)).toEqual([
    { kind: 'upgrade-packages', manager: 'apt', packages: ['gitlab-ee'] },
  ]);
});

test('archives that are none, lie, or have no end neither stop nor slow it', async () => {
  const bomb = Buffer.alloc(16 * 1024 * 1024);
  const whole = log4jJar();
  const startedMs = performance.now();
  const outcome = await look(
    {
      '/opt/z/empty.jar': '',
      '/opt/z/text.jar': 'PK is not all that it takes',
      '/opt/z/cut.jar': { bytes: whole.subarray(0, whole.length - 9) },
      '/opt/z/cut-before.jar': { bytes: whole.subarray(60) },
      '/opt/z/bomb.jar': jar(text('metabase/x', ''), {
        name: 'version.properties',
        bytes: bomb,
        isPacked: true,
        saidSize: 20,
      }),
      '/opt/z/bomb-within.jar': jar({
        name: 'lib/log4j-core-2.14.1.jar',
        bytes: bomb,
        isPacked: true,
        saidSize: 20,
      }),
      '/opt/z/ends.jar': {
        bytes: Buffer.concat(
          Array.from({ length: 3000 }, () => Buffer.from(`PK\u0005\u0006${'\0'.repeat(18)}`)),
        ),
      },
      '/opt/z/loop.jar': { link: 'loop.jar' },
      '/srv/loop/node_modules': { link: '../loop/node_modules' },
      '/srv/fifo/x': '',
      '/srv/big/.next/server/app/x': '',
      '/srv/odd/node_modules/next/package.json': '{"version":{"a":1}}',
      '/srv/shop/node_modules/next/package.json': '[[[[[[',
    },
    (root) => {
      writeFileSync(join(root, 'opt/z/huge.jar'), whole);
      truncateSync(join(root, 'opt/z/huge.jar'), 2 * 1024 ** 3);
      mkdirSync(join(root, 'srv/fifo/node_modules/next'), { recursive: true });
      execFileSync('mkfifo', [
        join(root, 'srv/fifo/node_modules/next/package.json'),
        join(root, 'opt/z/fifo.jar'),
      ]);
      mkdirSync(join(root, 'srv/big/node_modules/next'), { recursive: true });
      const big = join(root, 'srv/big/node_modules/next/package.json');
      writeFileSync(big, '{"version":"15.0.0","x":"');
      truncateSync(big, 100 * 1024 * 1024);
      symlinkSync('/dev/zero', join(root, 'opt/z/zero.jar'));
    },
  );
  // What it is by its name is said; what is in it could not be read, so nobody has taken the hole out of it for all we know.
  expect(holesIn(outcome)).toEqual(['Log4j 2.14.1: unknown']);
  const untold = outcome.unknowns.map(({ what }) => what);
  for (const app of ['odd', 'shop', 'big'])
    expect(untold).toContain(`/srv/${app}/node_modules/next/package.json`);
  expect(outcome.tookMs).toBeLessThan(performance.now() - startedMs + 1);
});

test('an archive as Python’s zipfile makes it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-jar-'));
  try {
    const path = join(folder, 'all.jar');
    const program = `
import sys, zipfile, io
inner = io.BytesIO()
with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('${JNDI}', b'')
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    for n in range(2000): z.writestr(zipfile.ZipInfo('a/%d' % n), b'')
    z.writestr('BOOT-INF/lib/log4j-core-2.8.2.jar', inner.getvalue())
`;
    execFileSync('python3', ['-c', program, path]);
    const outcome = await look({ '/opt/py/all.jar': { bytes: readFileSync(path) } });
    expect(holesIn(outcome)).toEqual(['Log4j 2.8.2: unknown']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
