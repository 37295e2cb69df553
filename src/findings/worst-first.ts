import { type Finding, type SubjectKind, VERDICTS } from './finding.ts';

/** Of equally bad ones: what runs, whom it talks to, what starts it, what lies there, who may come in. */
const KINDS: readonly SubjectKind[] = [
  'process',
  'container',
  'connection',
  'unit',
  'file-line',
  'file',
  'account',
  'setting',
  'disagreement',
  'secret',
  'host-key',
  'package',
];

/** A score ends at 100; what speaks against it may be more. */
function weightOf({ reasons }: Finding): number {
  return reasons.reduce((sum, { weight }) => sum + weight, 0);
}

/** Sorts by verdict, score, kind, and by all that speaks against it. */
export function worstFirst(a: Finding, b: Finding): number {
  const byVerdict = VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
  const byKind = KINDS.indexOf(a.subject.kind) - KINDS.indexOf(b.subject.kind);
  return byVerdict || b.score - a.score || byKind || weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1);
}
