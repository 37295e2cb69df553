import { fitWidth, textWidth } from '../../text/width.ts';
import type { Press } from '../keys/keys.ts';
import { type Row, span, spread, wrapRows } from '../look/cells.ts';
import { drawField, fieldText, paste, type TextField, textField, typeKey } from './text-field.ts';

/** One or more lines asked of the responder, one at a time. */
export interface Form {
  readonly purpose: FormPurpose;
  /** What it is for, one line. */
  readonly title: string;
  readonly fields: readonly FormField[];
  /** The field being typed in. */
  readonly index: number;
  /** Why what was typed will not do. */
  readonly problem: string | null;
  /** While one types: why it would not do as it stands, or that it would; null where nothing is asked of it. */
  readonly soFar: SoFar | null;
}

export type SoFar = { readonly fits: true } | { readonly fits: false; readonly why: string };

export type FormPurpose =
  | { readonly kind: 'note'; readonly stepId: string | null }
  | { readonly kind: 'ours'; readonly stepId: string; readonly findingId: string }
  | { readonly kind: 'not-ours'; readonly declarationId: string }
  | { readonly kind: 'skip'; readonly stepId: string }
  | { readonly kind: 'by-hand'; readonly stepId: string }
  | { readonly kind: 'approve'; readonly stepId: string; readonly planHash: string; readonly word: string }
  | { readonly kind: 'tick'; readonly stepId: string; readonly itemId: string }
  | { readonly kind: 'inputs' }
  | { readonly kind: 'close' };

export interface FormField {
  readonly name: string;
  /** Printable. */
  readonly label: string;
  /** Printable; what is expected. */
  readonly hint: string;
  readonly field: TextField;
  readonly isSecret: boolean;
}

export function formField(
  name: string,
  label: string,
  options: { readonly hint?: string; readonly text?: string; readonly isSecret?: boolean } = {},
): FormField {
  return {
    name,
    label,
    hint: options.hint ?? '',
    field: textField(options.text ?? ''),
    isSecret: options.isSecret ?? false,
  };
}

export function makeForm(purpose: FormPurpose, title: string, fields: readonly FormField[]): Form {
  return { purpose, title, fields, index: 0, problem: null, soFar: null };
}

/** The form after a key that edits or moves; `enter` and `escape` are the controller's. */
export function typeIntoForm(form: Form, press: Press): Form {
  if (press.name === 'up' || press.name === 'shift+tab') return moveTo(form, form.index - 1);
  if (press.name === 'down' || press.name === 'tab') return moveTo(form, form.index + 1);
  return onField(form, (field) => typeKey(field, press));
}

export function pasteIntoForm(form: Form, text: string): Form {
  return onField(form, (field) => paste(field, text));
}

export function moveTo(form: Form, index: number): Form {
  return index < 0 || index >= form.fields.length ? form : { ...form, index, problem: null, soFar: null };
}

export function valuesOf(form: Form): Readonly<Record<string, string>> {
  return Object.fromEntries(form.fields.map(({ name, field }) => [name, fieldText(field)]));
}

function onField(form: Form, change: (field: TextField) => TextField): Form {
  const fields = form.fields.map((one, index) =>
    index === form.index ? { ...one, field: change(one.field) } : one,
  );
  return { ...form, fields, problem: null, soFar: null };
}

/** What it is for in one row or two, then three: the field's name, the field, and what is expected or wrong. */
export function drawForm(form: Form, columns: number): readonly Row[] {
  const current = form.fields[form.index];
  if (current === undefined) return [];
  const count = form.fields.length > 1 ? `${form.index + 1} of ${form.fields.length}` : '';
  return [
    ...titleRows(form.title, count, columns - 1),
    [span(` ${current.label}`)],
    [span(' ❯ ', 'accent'), ...drawField(current.field, columns - 4, current.isSecret)],
    below(form, current),
  ];
}

/** What does not fit in two rows is cut where it can be seen. */
function titleRows(title: string, count: string, columns: number): readonly Row[] {
  if (count !== '' || textWidth(title) < columns)
    return [spread([span(` ${title}`, 'title')], [span(count, 'dim')], columns)];
  const [first = [], ...rest] = wrapRows([span(' ')], title, columns, 'title');
  const more = rest
    .map((row) =>
      row
        .map(({ text }) => text)
        .join('')
        .trim(),
    )
    .join(' ');
  return [first, [span(' '), span(fitWidth(more, columns - 1).trimEnd(), 'title')]];
}

/** What is wrong, what is not yet right, or what is expected. */
function below({ problem, soFar }: Form, { hint }: FormField): Row {
  if (problem !== null) return [span(' ✘ ', 'bad'), span(problem, 'bad')];
  if (soFar === null) return [span(` ${hint}`, 'dim')];
  if (soFar.fits) return [span(' ✔ ', 'good'), span(hint, 'dim')];
  return [span(' … ', 'warn'), span(`not yet: ${soFar.why}`, 'warn')];
}
