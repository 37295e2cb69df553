import type { Finding, SubjectKind } from './finding.ts';
import { ownFolder } from './kin-signals.ts';
import { isVouchedFor, type KnownBad, type NamedBy, type WantedFile } from './known-bad.ts';
import type { Linked } from './links.ts';
import type { Observation } from './observation.ts';
import { DECISIVE } from './weigh.ts';

/** What is known to be malicious after one round of judging. */
export function knownFrom(linked: readonly Linked[], observation: Observation): KnownBad {
  const bad = linked.filter(({ finding }) => finding.verdict === 'malicious');
  const suspect = linked.filter(({ finding }) => finding.verdict === 'suspicious');
  return {
    files: filesOf(bad),
    processes: processesOf(bad),
    suspectProcesses: processesOf(suspect),
    ...kinOf(bad, observation),
    units: unitsOf(bad),
    addresses: addressesOf(bad),
    wanted: wantedOf([...bad, ...suspect.filter(({ finding }) => finding.score >= 50)], observation),
    bursts: bad
      .filter(({ finding }) => ENTRIES.has(finding.subject.kind))
      .flatMap(({ finding }) => burstOf(finding)),
    // Hosts lines that lean on each other prove nothing.
    hasMalicious: bad.some(
      ({ finding }) => !isHostsLine(finding) || finding.reasons.some(({ weight }) => weight >= DECISIVE),
    ),
  };
}

const ENTRIES: ReadonlySet<SubjectKind> = new Set<SubjectKind>(['file-line', 'unit', 'file']);
const LEADS_ON: ReadonlySet<SubjectKind> = new Set<SubjectKind>([
  'process',
  'file-line',
  'unit',
  'file',
  'container',
]);

function burstOf(finding: Finding): bigint[] {
  return finding.times === null ? [] : [BigInt(finding.times.ctimeNs)];
}

function filesOf(bad: readonly Linked[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const { finding, links } of bad) {
    const own = finding.subject.kind === 'file' ? links.files[0] : undefined;
    if (own?.use === 'named' && finding.subject.kind === 'file' && finding.subject.role !== 'cron-file')
      out.set(own.path, finding.title);
  }
  return out;
}

function processesOf(linked: readonly Linked[]): Map<number, string> {
  const out = new Map<number, string>();
  for (const { finding } of linked) {
    if (finding.subject.kind === 'process') out.set(finding.subject.process.pid, finding.title);
  }
  return out;
}

/**
 * By what a guard is known that goes with them. What runs over other files than the host's is in a container: its
 * parent and its session are of the runtime that started it, which starts everybody's.
 */
function kinOf(
  bad: readonly Linked[],
  { processes }: Observation,
): Pick<KnownBad, 'parents' | 'sessions' | 'folders'> {
  const apart = new Set(
    processes.flatMap(({ process, sharesOurFiles }) => (sharesOurFiles ? [] : [process.pid])),
  );
  const parents = new Map<number, string>();
  const sessions = new Map<number, string>();
  const folders = new Map<string, string>();
  for (const { finding, links } of bad) {
    const { subject, title } = finding;
    if (subject.kind === 'process' && !apart.has(subject.process.pid)) {
      parents.set(subject.parentPid, title);
      sessions.set(subject.sessionId, title);
    }
    const own =
      subject.kind === 'file' && subject.role !== 'cron-file'
        ? subject.file.path
        : links.files.find(({ use }) => use === 'executable')?.path;
    // What is malicious only by lying beside another vouches for nothing that lies beside it.
    const isByKin =
      subject.kind === 'file' && finding.reasons.some(({ code }) => code === 'beside-malicious');
    const folder = own === undefined || isByKin ? null : ownFolder(own);
    if (folder !== null) folders.set(folder, title);
  }
  return { parents, sessions, folders };
}

function unitsOf(bad: readonly Linked[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const { finding } of bad)
    if (finding.subject.kind === 'unit') out.set(finding.subject.unit, finding.title);
  return out;
}

function addressesOf(bad: readonly Linked[]): Map<string, NamedBy> {
  const out = new Map<string, NamedBy>();
  for (const { finding, links } of bad) {
    if (!LEADS_ON.has(finding.subject.kind) || isHostsLine(finding)) continue;
    for (const address of links.addresses) if (!out.has(address)) out.set(address, finding);
  }
  return out;
}

function isHostsLine(finding: Finding): boolean {
  return finding.subject.kind === 'file-line' && finding.subject.role === 'hosts-line';
}

const RANK: Readonly<Record<WantedFile['use'], number>> = {
  named: 0,
  written: 1,
  run: 2,
  preloaded: 3,
  executable: 4,
};

function wantedOf(linked: readonly Linked[], observation: Observation): Map<string, WantedFile> {
  const out = new Map<string, WantedFile>();
  for (const { finding, links } of linked) {
    if (!LEADS_ON.has(finding.subject.kind)) continue;
    for (const { path, named, use } of links.files) {
      // A file's own first link is itself.
      if (finding.subject.kind === 'file' && path === finding.subject.file.path) continue;
      const file = observation.files.get(named);
      if (file === undefined || file.kind !== 'file' || isVouchedFor(file)) continue;
      const before = out.get(path);
      const isStronger =
        !before || strength(finding, use) > strength({ verdict: before.verdict }, before.use);
      const by = [...new Set([...(before?.by ?? []), finding.id])];
      const ctimeNs = finding.subject.kind === 'process' ? null : (finding.times?.ctimeNs ?? null);
      const best = { path: named, title: finding.title, use, ctimeNs, verdict: finding.verdict };
      out.set(path, isStronger ? { ...best, by } : { ...before, by });
    }
  }
  return out;
}

function strength(finding: Pick<Finding, 'verdict'>, use: WantedFile['use']): number {
  return (finding.verdict === 'malicious' ? 10 : 0) + RANK[use];
}
