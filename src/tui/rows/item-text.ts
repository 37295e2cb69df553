import type { StepState } from '../../engine/incident.ts';
import type { Item } from '../incident/situation.ts';
import { foreign } from '../look/theme.ts';
import { findingDetailRows } from './finding-rows.ts';
import { operationDetailRows } from './operation-rows.ts';

/** Nothing that is copied is broken for the sake of a screen. */
const WIDE = 500;

/** What can be known of a finding or an operation as text, to be pasted elsewhere. Printable. */
export function itemText(step: StepState, item: Item): { readonly title: string; readonly text: string } {
  if (item.kind === 'operation') return textOf(operationDetailRows(item.operation, item.state, WIDE));
  const finding = item.kind === 'finding' ? item.finding : item.check.finding;
  if (finding === null) {
    const title = item.kind === 'check' ? foreign(item.check.title) : '';
    return { title, text: `${title}\n` };
  }
  return textOf(findingDetailRows(finding, step.findings ?? [], WIDE));
}

function textOf(rows: ReturnType<typeof findingDetailRows>): { title: string; text: string } {
  const lines = rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .replace(/^ /, '')
      .trimEnd(),
  );
  return { title: lines[0] ?? '', text: `${lines.join('\n')}\n` };
}
