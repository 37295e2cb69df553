import type { Declaration } from '../allow.ts';
import { withAllowList } from '../allow-list.ts';
import { finish, type IdMaker } from '../draft.ts';
import { type Finding, VERDICTS } from '../finding.ts';
import type { Indicators } from '../indicators.ts';
import { judgeWindowsConnection } from './judge-connection.ts';
import { judgeEntries } from './judge-entries.ts';
import { isWindowsOwn, judgeWindowsProcess, type WindowsView } from './judge-process.ts';
import { judgeSettings } from './judge-settings.ts';
import type { WindowsObservation } from './observed.ts';
import { folderOf, programsIn, samePath, startsOthers } from './windows-paths.ts';

export interface WindowsSetting {
  readonly indicators: Indicators;
  readonly id: IdMaker;
  readonly bootId: string;
  readonly protectedPids: readonly number[];
  readonly responderAddress: string | null;
  readonly allow: readonly Declaration[];
}

export interface WindowsJudgement {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Paths whose identity is needed to finish; judge again with it. */
  readonly identify: readonly string[];
}

/** Entry → script → program → connection is as long as a chain gets; one round more, to see that it stands still. */
const ROUNDS = 5;

/** Judges all that was observed on a Windows host, each thing by what is known of the others. Pure. */
export function judgeWindows(seen: WindowsObservation, setting: WindowsSetting): WindowsJudgement {
  let view: WindowsView = {
    ...setting,
    protectedPids: new Set(setting.protectedPids),
    badFiles: new Map(),
    badProcesses: new Map(),
  };
  let findings = judgeOnce(seen, view, setting.allow);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = { ...view, ...knownFrom(findings, seen) };
    if (next.badFiles.size === view.badFiles.size && next.badProcesses.size === view.badProcesses.size) break;
    view = next;
    findings = judgeOnce(seen, view, setting.allow);
  }
  const wanted = wantedFiles(seen, view);
  return {
    findings: [
      ...findings.map(({ finding }) => finding),
      ...droppedFiles(seen, view, setting.allow),
    ].toSorted(worstFirst),
    identify: wanted.filter((path) => !seen.files.has(samePath(path))),
  };
}

interface Judged {
  readonly finding: Finding;
  readonly starts: readonly string[];
}

function judgeOnce(seen: WindowsObservation, view: WindowsView, allow: readonly Declaration[]): Judged[] {
  const talks = Map.groupBy(seen.connections, ({ pid }) => pid);
  const byPid = new Map(seen.processes.map((process) => [process.pid, process]));
  const judged: Judged[] = judgeEntries(seen, view);
  for (const process of seen.processes) {
    const finding = judgeWindowsProcess(process, talks.get(process.pid) ?? [], seen.processes, view);
    const starts = [
      // A program of Windows that runs something bad is not bad itself.
      ...(isWindowsOwn(process) || process.path === '' ? [] : [process.path]),
      ...(startsOthers(process.path) ? programsIn(process.commandLine) : []),
    ];
    if (finding !== null) judged.push({ finding, starts });
  }
  for (const connection of seen.connections) {
    const finding = judgeWindowsConnection(connection, byPid.get(connection.pid), view);
    if (finding !== null) judged.push({ finding, starts: [] });
  }
  judged.push(...judgeSettings(seen, view).map((finding) => ({ finding, starts: [] })));
  return judged.map(({ finding, starts }) => ({ finding: withAllowList(finding, allow), starts }));
}

function knownFrom(
  judged: readonly Judged[],
  seen: WindowsObservation,
): Pick<WindowsView, 'badFiles' | 'badProcesses'> {
  const badFiles = new Map<string, string>();
  const badProcesses = new Map<number, string>();
  const own = new Set(seen.processes.filter(isWindowsOwn).map(({ path }) => samePath(path)));
  for (const { finding, starts } of judged) {
    if (finding.verdict !== 'malicious') continue;
    if (finding.subject.kind === 'process') badProcesses.set(finding.subject.process.pid, finding.title);
    for (const path of starts) {
      const key = samePath(path);
      if (!startsOthers(path) && !own.has(key) && !isInSystemFolder(key) && !badFiles.has(key))
        badFiles.set(key, finding.title);
    }
  }
  return { badFiles, badProcesses };
}

/** Programs there are Windows' own as far as nobody looked: not bad for being named beside something bad. */
function isInSystemFolder(path: string): boolean {
  return /^[a-z]:\\windows\\(?:system32|syswow64)$/.test(folderOf(path));
}

/** What an operation on what was found would have to recognise. */
function wantedFiles(seen: WindowsObservation, view: WindowsView): string[] {
  return [
    ...(seen.hosts === null ? [] : [seen.hosts.path]),
    ...seen.startupFiles.map(({ path }) => path),
    ...seen.services
      .flatMap(({ pathName, library }) => [...programsIn(pathName), ...programsIn(library)])
      .filter((path) => !isInSystemFolder(samePath(path))),
    ...view.badFiles.keys(),
  ].filter((path, at, all) => all.findIndex((other) => samePath(other) === samePath(path)) === at);
}

/** The files that what is malicious runs or starts. */
function droppedFiles(seen: WindowsObservation, view: WindowsView, allow: readonly Declaration[]): Finding[] {
  const startup = new Set(seen.startupFiles.map(({ path }) => samePath(path)));
  return [...view.badFiles].flatMap(([key, why]): Finding[] => {
    const file = seen.files.get(key);
    if (file === undefined || startup.has(key)) return [];
    const finding = finish({
      id: view.id('file', file.path),
      subject: { kind: 'file', role: 'dropped-executable', file },
      title: file.path,
      signals: [
        {
          topic: 'association',
          code: 'of-malicious',
          weight: 90,
          text: `${why}, which is malicious, runs or starts it`,
        },
      ],
      places: [{ path: file.path }],
      attack: ['T1496.001'],
      times: { mtimeNs: file.mtimeNs, ctimeNs: file.mtimeNs },
      owner: null,
    });
    return [withAllowList(finding, allow)];
  });
}

function worstFirst(a: Finding, b: Finding): number {
  const byVerdict = VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
  return byVerdict || b.score - a.score || (a.id < b.id ? -1 : 1);
}
