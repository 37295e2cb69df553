import type { Finding } from '../findings/finding.ts';
import type { StepState, Tick } from './incident.ts';
import { manualOf } from './manual-part.ts';

/** Something that a person does elsewhere and ticks off here: a secret to be replaced, an instruction of a manual step. */
export interface ChecklistItem {
  readonly id: string;
  /** Host or playbook text, as it is. */
  readonly title: string;
  /** `replaced` for a secret, `done` for an instruction: what a tick says. */
  readonly word: 'replaced' | 'done';
  readonly tick: Tick | null;
  /** The secret behind it, if it was seen by the latest look. */
  readonly finding: Finding | null;
}

/** All that can be ticked off in a step: of its instructions and its findings, and what was ticked before and is gone. Pure. */
export function checklistOf(step: StepState): readonly ChecklistItem[] {
  const items: ChecklistItem[] = [];
  const add = (id: string, title: string, word: ChecklistItem['word'], finding: Finding | null): void => {
    items.push({ id, title, word, tick: step.ticks[id] ?? null, finding });
  };
  for (const [index, text] of (manualOf(step)?.instructions ?? []).entries())
    add(`instruction:${index + 1}`, text, 'done', null);
  for (const finding of step.findings ?? [])
    if (finding.subject.kind === 'secret') add(finding.id, finding.title, 'replaced', finding);
  const known = new Set(items.map(({ id }) => id));
  for (const [id, tick] of Object.entries(step.ticks))
    if (!known.has(id)) add(id, tick.title, id.startsWith('instruction:') ? 'done' : 'replaced', null);
  return items;
}

export function isTicked(item: ChecklistItem): boolean {
  return item.tick?.isDone === true;
}
