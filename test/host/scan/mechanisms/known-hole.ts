import { log4jJar, makeZip } from '../holes/make-zip.ts';
import { runningEntries, socketTable } from '../holes/running.ts';
import type { Pair } from './pair.ts';

const next = (version: string) => JSON.stringify({ name: 'next', version }, null, 2);
const node = (pid: number, folder: string, socket: number) => ({
  pid,
  exe: '/usr/bin/node',
  words: ['next-server (v15)'],
  folder,
  sockets: [socket],
});

export const pair: Pair = {
  packaged: {
    '/usr/share/java/log4j-core-2.13.3.jar': { bytes: log4jJar() },
  },
  tree: {
    '/srv/shop/node_modules/next/package.json': next('15.0.3'),
    '/srv/shop/.next/server/app/page.js': '',
    '/srv/blog/node_modules/next/package.json': next('15.0.5'),
    '/srv/blog/.next/server/app/page.js': '',
    '/srv/pages/node_modules/next/package.json': next('15.0.3'),
    '/srv/pages/.next/server/pages/index.js': '',
    '/opt/app/app.war': {
      bytes: makeZip([{ name: 'WEB-INF/lib/log4j-core-2.14.1.jar', bytes: log4jJar(), isPacked: true }]),
    },
    '/opt/mended/lib/log4j-core-2.17.1.jar': { bytes: log4jJar() },
    '/opt/defused/lib/log4j-core-2.14.1.jar': { bytes: log4jJar({ isDefused: true }) },
    ...runningEntries(
      node(4001, '/srv/shop', 77),
      node(4002, '/srv/blog', 78),
      node(4003, '/srv/pages', 79),
      {
        pid: 4004,
        exe: '/usr/lib/jvm/java-17/bin/java',
        words: ['java', '-cp', '/usr/share/java/*', '-jar', '/opt/app/app.war'],
        folder: '/opt/app',
        sockets: [80],
      },
    ),
    '/proc/net/tcp': socketTable(...[77, 78, 79].map((inode) => ({ inode, port: 2923 + inode })), {
      inode: 80,
      port: 8443,
      isLocal: true,
    }),
  },
  blamed: [
    {
      path: '/srv/shop/node_modules/next/package.json',
      verdict: 'suspicious',
      code: 'reached',
      attack: 'T1190',
    },
    { path: '/opt/app/app.war', verdict: 'unknown', code: 'not-reached', attack: 'T1190' },
  ],
  passed: [
    '/srv/blog/node_modules/next/package.json',
    '/srv/pages/node_modules/next/package.json',
    '/opt/mended/lib/log4j-core-2.17.1.jar',
    '/opt/defused/lib/log4j-core-2.14.1.jar',
    '/usr/share/java/log4j-core-2.13.3.jar',
  ],
};
