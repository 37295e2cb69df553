import type { ChecklistItem } from '../../engine/checklist.ts';
import type { IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { manualOf } from '../../engine/manual-part.ts';
import { type Declaration, entryText } from '../../findings/allow.ts';
import { entryFor } from '../../findings/allow-list.ts';
import type { Finding } from '../../findings/finding.ts';
import { describeOperation } from '../../operations/describe.ts';
import { formatInputValue } from '../../playbook/input-value.ts';
import type { InputDefinition } from '../../playbook/playbook.ts';
import { foreign } from '../look/theme.ts';
import { type Form, type FormField, formField, makeForm } from './form.ts';

/** The playbook's inputs with their values of now; those that are missing first. */
export function inputsForm(view: IncidentView): Form {
  const { playbook, inputs, secretsGiven } = view.incident;
  const missing = view.question?.kind === 'inputs' ? view.question.names : [];
  const names = [...missing, ...Object.keys(playbook.inputs).filter((name) => !missing.includes(name))];
  const fields = names.flatMap((name): FormField[] => {
    const definition = playbook.inputs[name];
    if (definition === undefined) return [];
    const { description, isSecret } = definition;
    const value = inputs[name] ?? definition.default;
    const need = missing.includes(name) ? ' (needed)' : '';
    const kept =
      isSecret && secretsGiven.includes(name)
        ? 'given already: leave it empty to keep it'
        : expected(definition);
    return [
      formField(name, foreign(`${name}${need}: ${description}`), {
        hint: foreign(kept),
        text: isSecret ? '' : formatInputValue(definition, value),
        isSecret,
      }),
    ];
  });
  return makeForm({ kind: 'inputs' }, 'Inputs of the playbook', fields);
}

function expected({ type, isList, options, isRequired }: InputDefinition): string {
  const one = type === 'enum' ? `one of ${options.join(', ')}` : type === 'boolean' ? 'yes or no' : type;
  return `${one}${isList ? ', several with commas between' : ''}${isRequired ? '' : ' (may stay empty)'}`;
}

/** One line for each thing that the playbook wants recorded. */
export function byHandForm(step: StepState): Form {
  const wanted = manualOf(step)?.record ?? [];
  const fields =
    wanted.length === 0
      ? [formField('record', 'What was done', { hint: 'it stands in the transcript' })]
      : wanted.map((label, index) =>
          formField(`record-${index}`, foreign(label), { hint: 'it stands in the transcript' }),
        );
  return makeForm(
    { kind: 'by-hand', stepId: step.id },
    `Done by hand: ${foreign(step.definition.title)}`,
    fields,
  );
}

export function noteForm(step: StepState | undefined): Form {
  const about = step === undefined ? 'Note on the incident' : `Note on “${foreign(step.definition.title)}”`;
  return makeForm({ kind: 'note', stepId: step?.id ?? null }, about, [
    formField('text', 'What should whoever reads this know?', {
      hint: 'it stands in the transcript, with your name and the time',
    }),
  ]);
}

export function tickForm(step: StepState, check: ChecklistItem): Form {
  return makeForm(
    { kind: 'tick', stepId: step.id, itemId: check.id },
    `${foreign(check.title)}: ${check.word}`,
    [
      formField('text', 'How, where? (may stay empty)', {
        hint: 'never the secret itself: it stands in the transcript, with name and time',
      }),
    ],
  );
}

/** What it would be declared by is shown: that, and nothing more, is believed from then on. */
export function oursForm(step: StepState, finding: Finding, declared: Declaration | undefined): Form {
  const hint = 'it stands in the transcript, with your name and the time';
  if (declared !== undefined)
    return makeForm(
      { kind: 'not-ours', declarationId: declared.id },
      `No longer ours: ${foreign(entryText(declared.entry))}`,
      [formField('reason', 'Why?', { hint })],
    );
  const entry = entryFor(finding);
  const what = 'whyNot' in entry ? finding.title : entryText(entry);
  return makeForm(
    { kind: 'ours', stepId: step.id, findingId: finding.id },
    `This is ours: ${foreign(what)}`,
    [formField('reason', 'How do you know?', { hint })],
  );
}

export function skipForm(step: StepState): Form {
  return makeForm({ kind: 'skip', stepId: step.id }, `Skip “${foreign(step.definition.title)}”`, [
    formField('reason', 'Why?', { hint: 'it stands in the transcript' }),
  ]);
}

export function closeForm(): Form {
  return makeForm({ kind: 'close' }, 'Close the incident: nothing more is added to it', [
    formField('reason', 'How did it end?', {
      hint: 'it stands in the transcript',
      text: 'the playbook is through',
    }),
  ]);
}

/** What of the plan stays as it is made, by name: a word is typed for that and not for a step. */
function finalOnes({ plan, definition }: StepState): string {
  const titles = (plan?.operations ?? [])
    .map(describeOperation)
    .filter(({ risk, canUndo }) => risk !== 'read-only' && canUndo === 'no')
    .map(({ title }) => foreign(title));
  return titles.length === 0 ? foreign(definition.title) : titles.join(', ');
}

export function approveForm(view: IncidentView, step: StepState): Form | null {
  const { question } = view;
  if (question?.kind !== 'approval' || question.stepId !== step.id || question.word === null) return null;
  const { planHash, word, risk } = question;
  const isFinal = risk === 'irreversible';
  return makeForm(
    { kind: 'approve', stepId: step.id, planHash, word },
    isFinal
      ? `This cannot be undone: ${finalOnes(step)}`
      : foreign(step.plan?.remarks[0] ?? step.definition.title),
    [formField('word', `Type ${foreign(word)} to approve`, { hint: 'esc leaves everything as it is' })],
  );
}
