import { expect, it } from 'vitest';
import { indicatorsWith } from '../../src/findings/indicators.ts';
import { judgeProcess } from '../../src/findings/judge-process.ts';
import { NOTHING_KNOWN } from '../../src/findings/known-bad.ts';
import type { ObservedFile, ObservedProcess, Setting } from '../../src/findings/observation.ts';

const process = (pid: number, parentPid: number, exe: string, ...commandLine: string[]): ObservedProcess =>
  ({
    process: {
      pid,
      startTicks: '1',
      bootId: 'b',
      exeInode: '1:2',
      exePath: exe,
      name: exe.split('/').at(-1),
    },
    parentPid,
    sessionId: pid,
    exe,
    commandLine,
    connections: [],
    workingFolder: null,
    cpuPercent: null,
    preload: null,
    sharesOurFiles: true,
    owner: 'root',
  }) as unknown as ObservedProcess;

const packaged = (path: string): [string, ObservedFile] => [
  path,
  { path, realPath: path, kind: 'file', package: 'stock', integrity: 'unchanged' } as unknown as ObservedFile,
];

const POSTINST = '/var/lib/dpkg/info/libdnf.postinst';
const SCRIPT = process(12, 11, '/usr/bin/dash', '/bin/sh', POSTINST, 'configure');
const above = (exe: string) => [
  process(10, 1, exe, 'dpkg', '--configure', '-a'),
  process(11, 10, '/usr/bin/perl', 'perl', '-w', '/usr/share/debconf/frontend', POSTINST, 'configure'),
];

function judged(...others: ObservedProcess[]) {
  return judgeProcess(SCRIPT, {
    files: new Map(['/usr/bin/dpkg', '/usr/bin/dash', '/usr/bin/perl'].map(packaged)),
    processes: new Map(others.map((one) => [one.process.pid, one])),
    connections: [],
    known: NOTHING_KNOWN,
    setting: { indicators: indicatorsWith([]) } as unknown as Setting,
    id: (kind, key) => `${kind}:${key}`,
  });
}

it('blames no package’s script that the package manager runs, through debconf too', () => {
  expect(judged(...above('/usr/bin/dpkg'))).toBeNull();
});

it('blames one that something else runs, also under the name of the package manager', () => {
  for (const exe of ['/usr/sbin/cron', '/tmp/dpkg'])
    expect(judged(...above(exe))).toMatchObject({ verdict: 'suspicious', attack: ['T1546.016'] });
});
