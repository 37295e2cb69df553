import type { AssuranceSigns } from '../findings/assurance.ts';
import type { Finding } from '../findings/finding.ts';
import { isOdd } from '../findings/finding.ts';
import { describeOperation } from '../operations/describe.ts';
import { checklistOf, isTicked } from './checklist.ts';
import type { Incident, StepState } from './incident.ts';

/** Two findings of one thing are one; the worse judgement of it stays. */
function allFindings(incident: Incident): readonly Finding[] {
  const byId = new Map<string, Finding>();
  for (const { findings } of incident.steps)
    for (const finding of findings ?? [])
      if ((byId.get(finding.id)?.score ?? -1) < finding.score) byId.set(finding.id, finding);
  return [...byId.values()];
}

/**
 * What an incident has shown that bears on trusting its host, by all looks of all its steps; what is there still by the latest
 * look of the step `endingId` (null, or not looked yet: by what no operation has dealt with). Pure.
 */
export function assuranceSigns(incident: Incident, endingId: string | null): AssuranceSigns {
  const all = allFindings(incident);
  const malicious = all.filter(({ verdict }) => verdict === 'malicious');
  const bad = all.filter(isOdd);
  const last = incident.steps.find(({ id }) => id === endingId)?.findings ?? notDealtWith(incident, bad);
  const checks = incident.steps.flatMap((step) =>
    checklistOf(step).filter(({ word }) => word === 'replaced'),
  );
  return {
    rootTouched: titles(malicious.filter(isRoots)),
    preload: titles(bad.filter(hasAttack('T1574.006'))),
    kernel: titles(bad.filter((finding) => hasAttack('T1547.006')(finding) || isHidden(finding))),
    pam: titles(bad.filter(hasAttack('T1556.003'))),
    tools: titles(malicious.filter(hasAttack('T1554'))),
    left: titles(last.filter(({ verdict }) => verdict === 'malicious')),
    unjudged: titles(last.filter(({ verdict }) => verdict === 'suspicious')),
    unknowns: unknownsOf(incident),
    badPaths: [...new Set(malicious.flatMap(pathsOf))].toSorted(),
    secrets: checks.length,
    secretsOpen: checks.filter((item) => !isTicked(item)).map(({ title }) => title),
    wasRoot: incident.host.isRoot,
    firstSignAt: firstSign(malicious),
    openedAt: incident.openedAt,
    watchedMs: Math.max(0, ...incident.steps.map(watchedMs)),
    cameBack: incident.steps.reduce((sum, { watch }) => sum + (watch?.returned ?? 0), 0),
  };
}

function notDealtWith(incident: Incident, bad: readonly Finding[]): readonly Finding[] {
  const done = new Set(
    incident.steps.flatMap((step) =>
      step.operations.flatMap(({ status, operation }) =>
        // What was only copied as evidence is there still.
        status === 'done' && describeOperation(operation).risk !== 'read-only' ? operation.because : [],
      ),
    ),
  );
  return bad.filter(({ id, subject }) => !done.has(id) && subject.kind !== 'connection');
}

/** It ran as root, or lies where only root can put it. */
function isRoots({ subject, owner }: Finding): boolean {
  if (subject.kind === 'process') return subject.uid === 0;
  if (subject.kind === 'unit') return subject.user === null;
  return owner === 'root' && subject.kind !== 'connection';
}

function hasAttack(id: string): (finding: Finding) => boolean {
  return ({ attack, subject }) => attack.includes(id) && subject.kind !== 'connection';
}

/** A mount over it, or a library that was preloaded, explains it; otherwise the kernel must be suspected. */
function isHidden({ reasons, attack }: Finding): boolean {
  const isExplained = attack.includes('T1574.006') || attack.includes('T1564.013');
  return !isExplained && reasons.some(({ code }) => code === 'hidden-process' || code === 'cpu-gap');
}

function unknownsOf(incident: Incident): string[] {
  const latest = new Map<string, string>();
  for (const { unknowns } of incident.steps)
    for (const { scope, what } of unknowns) latest.set(`${scope} ${what}`, what);
  return [...latest.values()];
}

function pathsOf({ subject }: Finding): readonly string[] {
  switch (subject.kind) {
    case 'process':
      return subject.process.exePath === null ? [] : [subject.process.exePath.replace(/ \(deleted\)$/, '')];
    case 'file':
    case 'unit':
      return [subject.file.path];
    case 'file-line':
      return [`${subject.file.path} line ${subject.line.number}`];
    default:
      return [];
  }
}

/** By ctime, which cannot be set without setting the clock (stat(2), utimensat(2)). */
function firstSign(malicious: readonly Finding[]): string | null {
  const times = malicious.flatMap(({ times }) => {
    const ns = times?.ctimeNs ?? '';
    const ms = /^\d{1,20}$/.test(ns) ? Number(BigInt(ns) / 1_000_000n) : 0;
    return ms > 0 && ms < 8.64e15 ? [ms] : [];
  });
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

function watchedMs({ watch, finishedAt, plan, definition }: StepState): number {
  if (watch === null || !watch.isFinished || definition.uses !== 'watch') return 0;
  const ms =
    finishedAt === null ? (plan?.watch?.forMs ?? 0) : Date.parse(finishedAt) - Date.parse(watch.startedAt);
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

function titles(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ title }) => title))];
}
