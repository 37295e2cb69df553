import type { Incident, StepState } from '../engine/incident.ts';
import type { JsonValue, Playbook, Step } from '../playbook/playbook.ts';
import { playbookFile, stepFile } from '../playbook/write-playbook.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';

/** What was typed in a recorded shell, and in which step. */
export interface ShellCommands {
  readonly shellId: string;
  readonly stepId: string | null;
  readonly commands: readonly string[];
}

type JsonMap = { readonly [key: string]: JsonValue };

/**
 * A draft of the next playbook from what was really done: the steps in the order in which they were taken in hand,
 * without those that were skipped; what was done by hand or in a recorded shell as steps for a person, never as
 * commands, since a host can print what looks like one. In the shape of a playbook file.
 */
export function draftPlaybook(incident: Incident, shells: readonly ShellCommands[]): JsonMap {
  const taken = withNeeded(incident, incident.steps.filter(wasTaken));
  const ordered = [...taken].sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
  const ids = new Set<string>();
  const steps = inOrder(ordered).flatMap((step): JsonMap[] => {
    ids.add(step.id);
    return [
      stepDraft(step, incident, ids),
      ...shells.filter(({ stepId }) => stepId === step.id).flatMap(shellStep),
    ];
  });
  const loose = shells.filter(({ stepId }) => stepId === null || !ids.has(stepId)).flatMap(shellStep);
  const skipped = incident.steps.filter((step) => !taken.includes(step));
  const { steps: _, ...head } = playbookFile(incident.playbook as Playbook);
  return {
    ...head,
    name: draftName(incident.id),
    title: `Draft from incident ${incident.id}`.slice(0, 200),
    summary: [
      `A draft, from what was really done in ${incident.id} with ${incident.playbook.name}. Read every step before it is used.`,
      ...(skipped.length === 0
        ? []
        : [
            `Left out, as they were not done there: ${skipped.map(({ definition }) => definition.title).join(', ')}.`,
          ]),
    ].join('\n'),
    steps: [...steps, ...loose],
  };
}

/** `playbook check` wants the name to be the file's. */
export function draftName(incidentId: string): string {
  return `from-${incidentId.replace(/[^a-z0-9]+/g, '-')}`.slice(0, 60).replace(/-+$/, '');
}

function wasTaken({ status, startedAt }: StepState): boolean {
  return status !== 'skipped' && (status !== 'todo' || startedAt !== null);
}

/** Steps that others look at in their expressions have to stay. */
function withNeeded(incident: Incident, kept: readonly StepState[]): readonly StepState[] {
  const names = new Set(kept.map(({ id }) => id));
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const { id, definition } of incident.steps) {
      if (!names.has(id)) continue;
      for (const [, name = ''] of JSON.stringify(definition).matchAll(/\bsteps\.([a-z][a-z0-9-]*)/g))
        if (incident.steps.some((step) => step.id === name)) names.add(name);
    }
  }
  return incident.steps.filter(({ id }) => names.has(id));
}

/** What a step needs stands above it, whatever was taken in hand first. */
function inOrder(steps: readonly StepState[]): StepState[] {
  const out: StepState[] = [];
  const put = (step: StepState) => {
    if (out.includes(step)) return;
    const { needs, needsEvidenceFrom } = step.definition;
    const seen = [...JSON.stringify(step.definition).matchAll(/\bsteps\.([a-z][a-z0-9-]*)/g)].map(
      ([, name]) => name,
    );
    for (const other of steps)
      if (
        other !== step &&
        (needs.includes(other.id) || needsEvidenceFrom.includes(other.id) || seen.includes(other.id))
      )
        put(other);
    out.push(step);
  };
  for (const step of steps) put(step);
  return out;
}

function timeOf(step: StepState): string {
  return step.startedAt ?? step.finishedAt ?? '9999';
}

function stepDraft(step: StepState, incident: Incident, above: ReadonlySet<string>): JsonMap {
  const { definition, status, reason } = step;
  const notes = incident.notes.filter(({ stepId }) => stepId === step.id).map(({ text }) => `Noted: ${text}`);
  const outcome = {
    failed: `It failed: ${reason ?? ''}`,
    unknown: 'It was cut off, and its outcome is not known.',
    reopened: `It had to be done again: ${reason ?? ''}`,
    undone: 'It was undone again.',
  }[status as string];
  const why = [definition.why, ...(outcome === undefined ? [] : [outcome]), ...notes]
    .filter(Boolean)
    .map(shown)
    .join('\n');
  const kept: Step = {
    ...definition,
    why: why.slice(0, 10_000),
    needs: definition.needs.filter((id) => above.has(id)),
    needsEvidenceFrom: definition.needsEvidenceFrom.filter((id) => above.has(id)),
  };
  if (status !== 'by-hand' || definition.manual !== null) return stepFile(kept);
  const {
    uses: _,
    with: __,
    run: ___,
    verify: ____,
    undo: _____,
    env: ______,
    ...rest
  } = stepFile({ ...kept, risk: null });
  return { ...rest, manual: { do: [shown(reason || definition.title)], record: ['what was done'] } };
}

function shellStep({ shellId, commands }: ShellCommands): JsonMap[] {
  if (commands.length === 0) return [];
  const list = commands.slice(0, 49).map((command) => `Typed: ${shown(command)}`);
  const rest = commands.length > 49 ? [`… and ${commands.length - 49} more in ${shellId}.cast`] : [];
  return [
    {
      id: `by-${shellId}`,
      name: `Done in a recorded shell (${shellId})`,
      why: 'Read from what the terminal showed, where a host can print anything: make steps with run of what is worth it.',
      manual: { do: [...list, ...rest], record: ['what came of it'] },
    },
  ];
}

function shown(text: string): string {
  return printable(redact(text), { keepNewlines: true });
}
