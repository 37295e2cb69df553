import { type ChecklistItem, isTicked } from '../../engine/checklist.ts';
import { type Row, span, spread, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';

/** `To replace elsewhere      2 of 7 replaced` */
export function checkHeader(items: readonly ChecklistItem[], columns: number): Row {
  const word = items[0]?.word ?? 'done';
  const title = word === 'replaced' ? ' To replace elsewhere' : ' To do, by hand';
  const ticked = items.filter(isTicked).length;
  return spread([span(title, 'strong')], [span(`${ticked} of ${items.length} ${word}`, 'dim')], columns);
}

/** One thing to tick off; who did when, and their words, below. */
export function checkRows(
  item: ChecklistItem,
  number: number,
  columns: number,
  isHere: boolean,
): readonly Row[] {
  const lead = [
    span(isHere ? '❯' : ' ', 'accent'),
    span(`[${isTicked(item) ? 'x' : ' '}] `, isTicked(item) ? 'strong' : undefined),
    ...(item.word === 'done' ? [span(`${number}. `, 'accent')] : []),
  ];
  const rows = [...wrapRows(lead, foreign(item.title), columns, isHere ? 'strong' : undefined)];
  if (item.tick === null) return rows;
  const { at, by, note, isDone } = item.tick;
  const what = `${isDone ? item.word : `not ${item.word}, after all`} ${at.slice(0, 16).replace('T', ' ')} ${by}`;
  rows.push(
    ...wrapRows(
      [span('     ')],
      foreign(note === '' ? what : `${what}: ${note}`),
      columns,
      isDone ? 'good' : 'warn',
    ),
  );
  return rows;
}
