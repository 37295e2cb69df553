import type { Command } from '../../engine/command.ts';
import type { IncidentView } from '../../engine/handle.ts';
import { parseInputValue } from '../../playbook/input-value.ts';
import type { InputDefinition, JsonValue } from '../../playbook/playbook.ts';
import { foreign } from '../look/theme.ts';
import { type Form, moveTo, type SoFar, valuesOf } from './form.ts';

/** A filled form as a command, or the form with what is wrong in it; `null`: there is nothing to send. */
export type Submitted = { readonly command: Command | null } | { readonly form: Form };

export function submitForm(form: Form, view: IncidentView): Submitted {
  const { purpose } = form;
  const values = valuesOf(form);
  const text = Object.values(values).join('').trim();
  switch (purpose.kind) {
    case 'note':
      if (text === '') return problem(form, 'the note is empty: type it, or esc');
      return { command: { kind: 'add-note', stepId: purpose.stepId, text } };
    case 'tick': {
      const { stepId, itemId } = purpose;
      return { command: { kind: 'tick-item', stepId, itemId, isDone: true, note: text } };
    }
    case 'ours':
      if (text === '') return problem(form, 'a reason is needed: it stands in the transcript');
      return {
        command: {
          kind: 'declare-ours',
          stepId: purpose.stepId,
          findingId: purpose.findingId,
          reason: text,
        },
      };
    case 'not-ours':
      if (text === '') return problem(form, 'a reason is needed: it stands in the transcript');
      return {
        command: { kind: 'take-back-declaration', declarationId: purpose.declarationId, reason: text },
      };
    case 'skip':
      if (text === '') return problem(form, 'a reason is needed: it stands in the transcript');
      return { command: { kind: 'skip-step', stepId: purpose.stepId, reason: text } };
    case 'close':
      if (text === '') return problem(form, 'a word on why is needed: it stands in the transcript');
      return { command: { kind: 'close-incident', reason: text } };
    case 'by-hand': {
      if (text === '') return problem(form, 'a word on what was done is needed: it stands in the transcript');
      const { fields } = form;
      const record = fields.length === 1 ? text : recordOf(form);
      return { command: { kind: 'do-by-hand', stepId: purpose.stepId, record } };
    }
    case 'approve': {
      const { stepId, planHash, word } = purpose;
      if (text.toLowerCase() !== word.toLowerCase()) {
        return problem(
          form,
          `that is not the word: type ${foreign(word)}, or esc to leave everything as it is`,
        );
      }
      return { command: { kind: 'approve-plan', stepId, planHash, how: 'word' } };
    }
    case 'inputs':
      return submitInputs(form, view);
  }
}

/** Why the field being typed in will not do; null if it will. */
export function fieldProblem(form: Form, view: IncidentView): string | null {
  const current = form.fields[form.index];
  const definition = current && view.incident.playbook.inputs[current.name];
  if (form.purpose.kind !== 'inputs' || current === undefined || definition === undefined) return null;
  if (isKeptSecret(current.name, definition, valuesOf(form)[current.name] ?? '', view)) return null;
  const parsed = parseInputValue(definition, valuesOf(form)[current.name] ?? '');
  return 'problem' in parsed ? parsed.problem : null;
}

/** How what is typed would be taken as it stands; null where any text will do. */
export function soFar(form: Form, view: IncidentView): SoFar | null {
  const { purpose } = form;
  if (purpose.kind === 'approve') {
    const typed = Object.values(valuesOf(form)).join('').trim().toLowerCase();
    if (typed === purpose.word.toLowerCase()) return { fits: true };
    return purpose.word.toLowerCase().startsWith(typed)
      ? null
      : { fits: false, why: `the word is ${foreign(purpose.word)}` };
  }
  if (purpose.kind !== 'inputs') return null;
  const why = fieldProblem(form, view);
  return why === null ? { fits: true } : { fits: false, why: foreign(why) };
}

function submitInputs(form: Form, view: IncidentView): Submitted {
  const { inputs } = view.incident.playbook;
  const typed = valuesOf(form);
  const values: Record<string, JsonValue> = {};
  for (const [index, { name }] of form.fields.entries()) {
    const definition = inputs[name];
    if (definition === undefined || isKeptSecret(name, definition, typed[name] ?? '', view)) continue;
    const parsed = parseInputValue(definition, typed[name] ?? '');
    if ('problem' in parsed) return problem(moveTo(form, index), parsed.problem);
    const before = view.incident.inputs[name] ?? definition.default;
    const isMissing = definition.isRequired && !(name in view.incident.inputs);
    if (isMissing || definition.isSecret || JSON.stringify(before) !== JSON.stringify(parsed.value)) {
      values[name] = parsed.value;
    }
  }
  return { command: Object.keys(values).length === 0 ? null : { kind: 'give-inputs', values } };
}

/** Left empty, a secret that was given stays as it is; it is never shown again. */
function isKeptSecret(name: string, definition: InputDefinition, typed: string, view: IncidentView): boolean {
  return (
    definition.isSecret &&
    typed === '' &&
    (!definition.isRequired || view.incident.secretsGiven.includes(name))
  );
}

function recordOf(form: Form): string {
  const values = valuesOf(form);
  return form.fields
    .map(({ name, label }) => `${label}: ${(values[name] ?? '').trim() || '(left empty)'}`)
    .join('\n');
}

function problem(form: Form, text: string): Submitted {
  return { form: { ...form, problem: text } };
}
