import type { StepPlan } from '../../engine/event.ts';
import { describeOperation } from '../../operations/describe.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Risk } from '../../operations/risk.ts';
import { formatDuration } from '../../text/format.ts';
import { foreign } from './theme.ts';

export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `3 kill-process, edit-file`: what a plan comes to, in the order of the plan; the number of all stands before it. */
export function kindsOf(operations: readonly Operation[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of operations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 1) return operations[0]?.kind ?? '';
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`)).join(', ');
}

const MOST_NAMED = 3;

/** `block-address 203.0.113.9, kill-process sh (71) and 4 more`: by what they are about, not only by their kinds. */
export function namesOf(operations: readonly Operation[]): string {
  const names = operations.map((operation) => foreign(describeOperation(operation).title));
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export const RISK_WORDS: Readonly<Record<Risk, string>> = {
  'read-only': 'changes nothing',
  reversible: 'reversible',
  disruptive: 'disruptive',
  irreversible: 'cannot be undone',
};

/** `disruptive · undo ✔`: the sign and the word, since neither is enough alone for everybody. */
export function riskAndUndo(plan: StepPlan): string {
  if (plan.risk === 'read-only') return RISK_WORDS['read-only'];
  const changes = plan.operations.map(describeOperation).filter((one) => one.risk !== 'read-only');
  const undoable = changes.filter((one) => one.canUndo === 'yes').length;
  if (changes.length === 0) return RISK_WORDS[plan.risk];
  if (undoable === changes.length) return `${plan.risk} · undo ✔`;
  return undoable === 0
    ? `${plan.risk} · undo ✘`
    : `${plan.risk} · undo ✔ ${undoable}, ✘ ${changes.length - undoable}`;
}

/** The same in a sentence. */
export function riskSentence(plan: StepPlan): string {
  if (plan.risk === 'read-only') return 'This only reads.';
  const changes = plan.operations.map(describeOperation).filter((one) => one.risk !== 'read-only');
  const cannot = changes.filter((one) => one.canUndo === 'no').length;
  const risk = plan.risk === 'irreversible' ? '' : `${plan.risk[0]?.toUpperCase()}${plan.risk.slice(1)}`;
  if (cannot === 0) return risk === '' ? 'It cannot be undone.' : `${risk}; u takes it back afterwards.`;
  const part =
    cannot === changes.length ? 'It cannot be undone.' : `${cannot} of ${changes.length} cannot be undone.`;
  return risk === '' ? part : `${risk}. ${part}`;
}

/** With a full stop, unless it ends in a mark of its own. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** A time that is still running, without parts of a second: `7 s`, `1 m 05 s`. */
export function wholeSeconds(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}
