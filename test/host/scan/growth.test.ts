import { describe, expect, it } from 'vitest';
import type { ScanScope } from '../../../src/findings/scan.ts';
import { scanHost } from '../../../src/host/scan/scan-host.ts';
import { makeTree, someFacts, type TreeEntry } from './tree.ts';

type Tree = Readonly<Record<string, TreeEntry>>;

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('');
const files = (count: number, entry: (at: number) => readonly [string, TreeEntry]): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => entry(at)));
const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Every entry bad, so that each is judged, related to the others and told. */
const HOSTS: readonly (readonly [string, ScanScope, number, (count: number) => Tree])[] = [
  [
    'lines of a drop-in',
    'boot',
    1_500,
    (count) => ({
      '/etc/supervisor/conf.d/x.conf': lines(count, (at) => `[program:x${at}]\ncommand=/tmp/.x${at}\n`),
    }),
  ],
  [
    'settings of sshd that contradict each other',
    'sshd',
    2_500,
    (count) => ({ '/etc/ssh/sshd_config': lines(count, (at) => `AuthorizedKeysFile /tmp/k${at}\n`) }),
  ],
  [
    'files of a folder',
    'cron',
    500,
    (count) => files(count, (at) => [`/etc/cron.d/x${at}`, `* * * * * root /tmp/.x${at}/xmrig\n`]),
  ],
  [
    'connections of fifty processes',
    'connections',
    1_000,
    (count) => ({
      ...files(50, (at) => [
        `/proc/${at + 1}/stat`,
        `${at + 1} (kdevtmpfsi) S 1 1 1 0 -1 4194560 0 0 0 0 5 3 0 0 20 0 1 0 ${1000 + at} 0 0\n`,
      ]),
      ...files(count, (at) => [`/proc/${(at % 50) + 1}/fd/${at}`, { link: `socket:[${at + 1}]` }]),
      '/proc/net/tcp': `head\n${lines(
        count,
        (at) =>
          ` ${at}: 0100000A:${hex(1024 + at, 4)} ${hex(at % 250, 2)}7100CB:0D05 01 0:0 0:0 0 0 0 ${at + 1}\n`,
      )}`,
    }),
  ],
];

describe('what a scan takes grows with what there is, and not with its square', () => {
  it.each(HOSTS)('%s', async (_name, scope, count, host) => {
    const few = makeTree(host(count));
    const many = makeTree(host(4 * count));
    const facts = someFacts();
    const once = async (root: string): Promise<number> => {
      const from = process.cpuUsage();
      await scanHost({ scopes: [scope], sampleMs: 0 }, { facts, root });
      const { user, system } = process.cpuUsage(from);
      return user + system;
    };
    // What is loaded and compiled first is paid for here.
    await once(few);
    let ratio = Number.POSITIVE_INFINITY;
    // Four times as much: four, or sixteen. Others compute beside this, and may fall upon one of the two.
    for (let run = 0; run < 3 && ratio >= 8; run += 1) ratio = (await once(many)) / (await once(few));
    expect(ratio).toBeLessThan(8);
  });
});
