import { isPrivateAddress } from './addresses.ts';
import { basename, isInterpreter, programName, readArguments } from './command-reading.ts';
import { type Draft, finish, type IdMaker, pardon } from './draft.ts';
import { examinedSignals } from './examined-signals.ts';
import type { Finding } from './finding.ts';
import { byWhom, type Indicators } from './indicators.ts';
import { commandSignals } from './judge-command.ts';
import { kinSignals } from './kin-signals.ts';
import { isVouchedFor, type KnownBad, realPathOf } from './known-bad.ts';
import { loadSignals } from './load-signals.ts';
import type { ObservedConnection, ObservedFile, ObservedProcess, Setting } from './observation.ts';
import { KERNEL_THREAD_NAME, TEXT_TOOLS } from './ordinary.ts';
import { isTempPath, placeSignals } from './place-signals.ts';
import { attackOfProcess } from './process-attack.ts';
import { programRef } from './process-program.ts';
import { runtimeSignals, traceSignals } from './trace-signals.ts';
import type { Signal } from './weigh.ts';

export interface ProcessView {
  readonly files: ReadonlyMap<string, ObservedFile>;
  /** All, by their numbers: what started it may explain it. */
  readonly processes: ReadonlyMap<number, ObservedProcess>;
  /** Its own. */
  readonly connections: readonly ObservedConnection[];
  readonly known: KnownBad;
  readonly setting: Setting;
  readonly id: IdMaker;
}

const MANY_SSH = 20;
const MOST_ABOVE = 8;

/** null: nothing about it is worth a word. */
export function judgeProcess(seen: ObservedProcess, view: ProcessView): Finding | null {
  if (seen.isKernelThread) return null;
  const exe = seen.exe === null ? undefined : view.files.get(seen.exe);
  const signals = [...processSignals(seen, view), ...traceSignals(seen, exe), ...runtimeSignals(seen, exe)];
  if (!signals.some((signal) => signal.weight >= 10)) return null;
  const finding = finish(draftOf(seen, signals, view));
  return seen.isProtected
    ? pardon(finding, 'responder', 'It belongs to the responder’s own session; it is never touched')
    : finding;
}

function processSignals(seen: ObservedProcess, view: ProcessView): Signal[] {
  const { indicators } = view.setting;
  const exe = seen.exe === null ? undefined : view.files.get(seen.exe);
  const isOnlyATool = seen.exe !== null && TEXT_TOOLS.has(programName(seen.exe)) && isVouchedFor(exe);
  const reading = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder });
  const command = isOnlyATool
    ? []
    : commandSignals(reading, indicators).filter((signal) => !isByTrade(signal, seen, view));
  const runs = reading.targets.filter((target) => target.use === 'run').map((target) => target.path);
  const script =
    seen.exe !== null && isInterpreter(seen.exe)
      ? runs.find((path) => path !== seen.exe && !isInterpreter(path))
      : undefined;
  return [
    ...command,
    ...nameSignals(seen, indicators),
    ...executableSignals(seen, exe, indicators),
    ...(script === undefined || !seen.sharesOurFiles ? [] : placeSignals(script, false, indicators)),
    ...badFileSignals(seen, runs, view),
    ...trafficSignals(view.connections, indicators),
    ...loadSignals(seen),
    ...preloadSignals(seen, view),
    ...unitSignals(seen, view),
    ...hiddenSignals(seen),
    ...examinedSignals(seen.examined, indicators, 'Its program'),
    ...kinSignals(seen, exe, view.known),
    ...vouchSignals(seen, exe),
  ];
}

/** The package manager is the one that runs its packages' scripts, through debconf or a shell at times. */
function isByTrade({ code }: Signal, seen: ObservedProcess, { processes, files }: ProcessView): boolean {
  if (code !== 'dpkg-script') return false;
  let above = processes.get(seen.parentPid);
  for (let steps = 0; steps < MOST_ABOVE && above !== undefined; steps += 1) {
    if (programName(above.exe ?? '') === 'dpkg')
      return !above.sharesOurFiles || isVouchedFor(files.get(above.exe ?? ''));
    above = processes.get(above.parentPid);
  }
  return false;
}

function nameSignals(seen: ObservedProcess, indicators: Indicators): Signal[] {
  const first = seen.commandLine[0] ?? '';
  const names = [seen.process.name, basename(first.split(' ')[0] ?? ''), basename(seen.exe ?? '')];
  const miner = names.find((name) => indicators.names.has(name));
  const signals: Signal[] = [];
  if (miner !== undefined) {
    signals.push({
      topic: 'name',
      code: 'miner-name',
      text: `“${miner}” is a name that miners are known by${byWhom(indicators.names.get(miner) ?? NOBODY)}`,
      weight: 45,
    });
  }
  const fake = [seen.process.name, first].find(
    (name) => KERNEL_THREAD_NAME.test(name) || /^\[[^\]]{1,32}\]$/.test(name),
  );
  if (fake !== undefined) {
    signals.push({
      topic: 'pretends',
      code: 'pretends-kernel-thread',
      text: `It calls itself “${fake}” like a kernel thread, but it is an ordinary program`,
      weight: 50,
    });
  }
  return signals;
}

const NOBODY = { who: null, from: null };

function executableSignals(
  seen: ObservedProcess,
  exe: ObservedFile | undefined,
  indicators: Indicators,
): Signal[] {
  if (seen.isMemfd) {
    const isRuntime = /^(runc|crun|conmon|youki|systemd|snap-confine)/.test(seen.process.name);
    const weight = isRuntime ? 5 : 45;
    return [
      {
        topic: 'deleted',
        code: 'memfd',
        text: 'Its program exists in memory only and never was a file',
        weight,
      },
    ];
  }
  if (seen.exe === null) return [];
  const places = placeSignals(seen.exe, false, indicators);
  if (!seen.isDeleted) return [...places, ...contentSignals(exe)];
  const wasOdd =
    isTempPath(seen.exe) || places.some((signal) => signal.code === 'hidden-path' && signal.weight >= 40);
  if (wasOdd) {
    return [
      ...places,
      {
        topic: 'deleted',
        code: 'deleted-executable',
        text: 'Its program was deleted after it was started',
        weight: 45,
      },
    ];
  }
  const isReplaced = exe !== undefined && exe.kind === 'file';
  const text = isReplaced
    ? 'Its program was replaced since, as an upgrade does'
    : 'Its program is no longer there, as after an upgrade or a removal';
  return [
    ...places,
    {
      topic: 'deleted',
      code: isReplaced ? 'replaced-executable' : 'deleted-executable',
      text,
      weight: isReplaced ? 10 : 20,
    },
  ];
}

/** What a program file holds: words that only miners' programs hold. */
export function contentSignals(file: ObservedFile | undefined): Signal[] {
  if (file?.content !== 'elf' || isVouchedFor(file)) return [];
  const { head, built } = file;
  const signals: Signal[] = [];
  if (head !== '')
    signals.push({ topic: 'content', code: 'miner-content', text: `The program holds ${head}`, weight: 50 });
  // Weak, and weaker: tools of administrators are so too, those written in Go nearly all.
  if (built === 'packed')
    signals.push({
      topic: 'built',
      code: 'packed-program',
      text: 'The program is packed, as miners are',
      weight: 20,
    });
  if (built === 'static') {
    const text = 'All that the program needs is built into it, as with miners and many tools';
    signals.push({ topic: 'built', code: 'static-program', text, weight: 5 });
  }
  return signals;
}

function badFileSignals(seen: ObservedProcess, runs: readonly string[], view: ProcessView): Signal[] {
  if (!seen.sharesOurFiles) return [];
  const paths = [...(seen.exe === null ? [] : [seen.exe]), ...runs];
  const bad = paths.map((path) => realPathOf(path, view.files)).find((path) => view.known.files.has(path));
  if (bad === undefined) return [];
  return [
    {
      topic: 'association',
      code: 'runs-malicious-file',
      text: `It runs ${bad}, which is malicious`,
      weight: 90,
    },
  ];
}

function trafficSignals(connections: readonly ObservedConnection[], indicators: Indicators): Signal[] {
  const out = connections.filter((connection) => !connection.isIncoming);
  const signals: Signal[] = [];
  const pool = out.find(
    (connection) => connection.protocol === 'tcp' && indicators.ports.has(connection.remotePort),
  );
  if (pool) {
    const weight = isPrivateAddress(pool.remoteAddress) ? 10 : 20;
    const text = `It is connected to ${pool.remoteAddress}, port ${pool.remotePort}, a port that mining pools offer`;
    signals.push({ topic: 'pool-port', code: 'pool-connection', text, weight });
  }
  const host = out.find(({ remoteAddress }) => indicators.hosts.has(remoteAddress));
  if (host) {
    const known = byWhom(indicators.hosts.get(host.remoteAddress) ?? NOBODY);
    const text = `It is connected to ${host.remoteAddress}, which intruders control${known}`;
    signals.push({ topic: 'known-host', code: 'known-bad-host', text, weight: 90 });
  }
  const targets = new Set(
    out
      .filter(({ remotePort }) => remotePort === 22 || remotePort === 2222)
      .map(({ remoteAddress }) => remoteAddress),
  );
  if (targets.size > MANY_SSH) {
    signals.push({
      topic: 'spreading',
      code: 'ssh-spread',
      text: `It talks SSH to ${targets.size} hosts at once`,
      weight: 45,
    });
  }
  return signals;
}

function preloadSignals(seen: ObservedProcess, view: ProcessView): Signal[] {
  if (seen.preload === null || !seen.sharesOurFiles) return [];
  const libraries = seen.preload.split(/[\s:]+/).filter((path) => path.startsWith('/'));
  const odd = libraries.find(
    (path) =>
      isTempPath(path) ||
      placeSignals(path, true, view.setting.indicators).some(({ weight }) => weight >= 40),
  );
  if (odd !== undefined)
    return [
      {
        topic: 'preload',
        code: 'ld-preload',
        text: `It was started with ${odd} loaded before all libraries`,
        weight: 45,
      },
    ];
  return libraries.some((path) => !isVouchedFor(view.files.get(path)))
    ? [
        {
          topic: 'preload',
          code: 'ld-preload',
          text: `It was started with LD_PRELOAD=${seen.preload}`,
          weight: 10,
        },
      ]
    : [];
}

function unitSignals(seen: ObservedProcess, view: ProcessView): Signal[] {
  const unit = /\/([^/]+\.service)$/.exec(seen.cgroup ?? '')?.[1];
  if (unit === undefined || !view.known.units.has(unit)) return [];
  return [
    {
      topic: 'unit',
      code: 'of-malicious-unit',
      text: `It was started by the unit ${unit}, which is malicious`,
      weight: 60,
    },
  ];
}

/** Nothing ordinary keeps a process from being listed. */
function hiddenSignals({ hidden, process }: ObservedProcess): Signal[] {
  if (hidden === undefined) return [];
  const text =
    hidden.how === 'mounted-over'
      ? `Something is mounted over ${hidden.point}, which hides it from every tool`
      : `A listing of /proc leaves ${process.pid} out, though ${hidden.views.join(', ')}`;
  return [{ topic: 'concealed', code: 'hidden-process', text, weight: 100 }];
}

function vouchSignals(seen: ObservedProcess, exe: ObservedFile | undefined): Signal[] {
  if (exe === undefined || seen.isDeleted || !seen.sharesOurFiles) return [];
  if (exe.integrity === 'changed') {
    return [
      {
        topic: 'package',
        code: 'changed-program',
        text: `${exe.path} is not as the package ${exe.package} installed it`,
        weight: 45,
      },
    ];
  }
  if (isVouchedFor(exe) && !isInterpreter(exe.path)) {
    return [
      {
        topic: 'package',
        code: 'owned',
        text: `Its program is from the package ${exe.package}`,
        weight: -25,
      },
    ];
  }
  if (exe.package === null && exe.kind === 'file') {
    return [{ topic: 'package', code: 'unowned', text: 'No package owns its program', weight: 5 }];
  }
  return [];
}

function draftOf(seen: ObservedProcess, signals: readonly Signal[], view: ProcessView): Draft {
  const exe = seen.exe === null ? undefined : view.files.get(seen.exe);
  const { process } = seen;
  const program = programRef(seen, view.files);
  return {
    id: view.id('process', processKey(seen)),
    subject: {
      kind: 'process',
      process,
      parentPid: seen.parentPid,
      uid: seen.uid,
      commandLine: seen.commandLine,
      workingFolder: seen.workingFolder,
      cgroup: seen.cgroup,
      cpuPercent: seen.cpuPercent,
      sessionId: seen.sessionId,
      ...(program === undefined ? {} : { program }),
      ...(seen.hidden?.mounts === undefined ? {} : { mountsOver: seen.hidden.mounts }),
    },
    title: `${process.name} (${process.pid})`,
    signals,
    places: [
      { path: `/proc/${process.pid}` },
      ...(seen.hidden?.point ? [{ path: seen.hidden.point }] : []),
      ...(seen.traces ?? []).map(({ place }) => ({ path: place })),
    ].filter((place, at, all) => all.findIndex(({ path }) => path === place.path) === at),
    attack: attackOfProcess(signals, seen),
    times: exe?.kind === 'file' ? { mtimeNs: exe.mtimeNs, ctimeNs: exe.ctimeNs } : null,
    beganAtMs: seen.startedAtMs,
    owner: seen.owner,
    ...(exe?.package === undefined ? {} : { package: exe.package }),
  };
}

export function processKey(seen: ObservedProcess): string {
  return `${seen.process.pid} ${seen.process.startTicks} ${seen.process.bootId}`;
}
