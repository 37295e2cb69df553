import { isPrivateAddress } from '../addresses.ts';
import { finish, type IdMaker, pardon } from '../draft.ts';
import type { Finding } from '../finding.ts';
import { byWhom, type Indicators } from '../indicators.ts';
import type { Signal } from '../weigh.ts';
import type { WindowsConnection, WindowsProcess } from './observed.ts';
import { programsIn, samePath, startsOthers } from './windows-paths.ts';
import { windowsCommandSignals, windowsPlaceSignals } from './windows-signals.ts';

/** What judging a Windows host goes by, and what it has come to so far. */
export interface WindowsView {
  readonly indicators: Indicators;
  readonly id: IdMaker;
  readonly bootId: string;
  readonly protectedPids: ReadonlySet<number>;
  readonly responderAddress: string | null;
  /** Paths as samePath() writes them, with what makes them bad. */
  readonly badFiles: ReadonlyMap<string, string>;
  /** By process id: what it is called. */
  readonly badProcesses: ReadonlyMap<number, string>;
}

const BUSY_PERCENT = 80;

/** null: nothing about it is worth a word. */
export function judgeWindowsProcess(
  seen: WindowsProcess,
  talks: readonly WindowsConnection[],
  all: readonly WindowsProcess[],
  view: WindowsView,
): Finding | null {
  // The idle process, and the kernel.
  if (seen.created === null || seen.pid <= 4) return null;
  const signals = signalsOf(seen, talks, all, view);
  if (!signals.some(({ weight }) => weight >= 10)) return null;
  const finding = finish({
    id: view.id('process', `${seen.pid} ${seen.created}`),
    subject: {
      kind: 'process',
      process: {
        pid: seen.pid,
        startTicks: seen.created,
        bootId: view.bootId,
        exePath: seen.path === '' ? null : seen.path,
        exeInode: null,
        name: seen.name,
      },
      parentPid: seen.parentPid,
      uid: -1,
      commandLine: seen.commandLine === '' ? [] : [seen.commandLine],
      workingFolder: null,
      cgroup: null,
      cpuPercent: seen.cpuPercent,
      sessionId: seen.sessionId,
    },
    title: `${seen.name} (${seen.pid})`,
    signals,
    places: seen.path === '' ? [] : [{ path: seen.path }],
    attack: [
      'T1496.001',
      ...(signals.some(({ topic }) => topic === 'pretends') ? ['T1036.005'] : []),
      ...(signals.some(({ topic }) => topic === 'encoded') ? ['T1027.010'] : []),
    ],
    beganAtMs: Number(BigInt(seen.created) / 10_000n - 11_644_473_600_000n),
    owner: seen.owner,
  });
  return view.protectedPids.has(seen.pid)
    ? pardon(finding, 'responder', 'It belongs to the responder’s own session; it is never touched')
    : finding;
}

function signalsOf(
  seen: WindowsProcess,
  talks: readonly WindowsConnection[],
  all: readonly WindowsProcess[],
  view: WindowsView,
): Signal[] {
  const signals = [
    ...windowsCommandSignals(seen.commandLine, view.indicators),
    ...windowsPlaceSignals(seen.path === '' ? seen.name : seen.path, false, view.indicators),
    ...trafficSignals(talks, view.indicators),
  ];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const runs = [seen.path, ...(startsOthers(seen.path) ? programsIn(seen.commandLine) : [])];
  const bad = runs.map((path) => view.badFiles.get(samePath(path))).find((why) => why !== undefined);
  if (bad !== undefined && !startsOthers(seen.path))
    add('association', 'of-malicious-file', 60, `Its program is what ${bad} starts`);
  else if (bad !== undefined)
    add('association', 'runs-malicious-file', 90, `It runs what ${bad} starts or is`);
  const child = all.find(
    ({ parentPid, pid, created }) =>
      parentPid === seen.pid &&
      view.badProcesses.has(pid) &&
      BigInt(created ?? 0) >= BigInt(seen.created ?? 0),
  );
  if (child !== undefined && !isWindowsOwn(seen))
    add(
      'starts',
      'starts-malicious',
      40,
      `It started ${view.badProcesses.get(child.pid)}, which is malicious`,
    );
  if (seen.cpuPercent !== null && seen.cpuPercent >= BUSY_PERCENT)
    add('cpu', 'busy', 15, `It uses ${Math.round(seen.cpuPercent)} % of a core`);
  signals.push(...signatureSignals(seen));
  return signals;
}

/** Signed by Microsoft, and whole. The name that a signer gives itself is part of what Windows has checked. */
export function isWindowsOwn({ signature, signer }: WindowsProcess): boolean {
  return signature === 'Valid' && /\bO=Microsoft Corporation\b/.test(signer);
}

function signatureSignals(seen: WindowsProcess): Signal[] {
  if (seen.signature === 'HashMismatch')
    return [
      {
        topic: 'signature',
        code: 'changed-program',
        weight: 45,
        text: 'Its program is not as it was when it was signed',
      },
    ];
  if (seen.signature === 'NotSigned')
    return [{ topic: 'signature', code: 'unsigned', weight: 5, text: 'Nobody has signed its program' }];
  // What Microsoft signed and others can make do anything is not vouched for.
  return isWindowsOwn(seen) && !startsOthers(seen.path)
    ? [{ topic: 'signature', code: 'signed', weight: -25, text: 'Its program is signed by Microsoft' }]
    : [];
}

export function trafficSignals(talks: readonly WindowsConnection[], { ports, hosts }: Indicators): Signal[] {
  const out = talks.filter(({ isIncoming }) => !isIncoming);
  const pool = out.find(({ remotePort }) => ports.has(remotePort));
  const host = out.find(({ remoteAddress }) => hosts.has(remoteAddress));
  return [
    ...(pool === undefined
      ? []
      : [
          {
            topic: 'pool-port',
            code: 'pool-connection',
            weight: isPrivateAddress(pool.remoteAddress) ? 10 : 20,
            text: `It is connected to ${pool.remoteAddress}, port ${pool.remotePort}, a port that mining pools offer`,
          },
        ]),
    ...(host === undefined
      ? []
      : [
          {
            topic: 'known-host',
            code: 'known-bad-host',
            weight: 90,
            text: `It is connected to ${host.remoteAddress}, which intruders control${byWhom(hosts.get(host.remoteAddress) ?? { who: null, from: null })}`,
          },
        ]),
  ];
}
