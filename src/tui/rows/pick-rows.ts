import { textWidth } from '../../text/width.ts';
import { drawField } from '../asking/text-field.ts';
import type { Message, PickList } from '../incident/ui-state.ts';
import { keyWords } from '../keys/key-words.ts';
import type { PickEntry } from '../lists/pick-entry.ts';
import { type Row, span, spread } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';

/** One row an entry; the one under the cursor is marked. */
export function pickRows(
  entries: readonly PickEntry[],
  index: number,
  theme: Theme,
  columns: number,
): readonly Row[] {
  if (entries.length === 0) return [[span(' Nothing like that. ctrl+u clears what you typed.', 'dim')]];
  const titleWidth = Math.min(Math.floor(columns * 0.45), Math.max(...entries.map(widthOf)));
  return entries.map((entry, at): Row => {
    const isHere = at === index;
    const style = entry.whyNot === null ? (isHere ? 'strong' : undefined) : 'dim';
    const detail = entry.whyNot === null ? entry.detail : `not now: ${entry.whyNot}`;
    const title = spread([span(entry.title, style)], [], titleWidth);
    const fill = ' '.repeat(Math.max(0, titleWidth - textWidth(entry.title)));
    return spread(
      [
        span(isHere ? '❯ ' : '  ', 'accent'),
        span(keyWords(entry.sign, theme).padEnd(6), entry.whyNot === null ? 'accent' : 'dim'),
        ...title,
        span(`${fill}  `),
        span(detail, 'dim'),
      ],
      [],
      columns,
    );
  });
}

function widthOf({ title }: PickEntry): number {
  return textWidth(title);
}

/** The line that is typed into, and what it does. */
export function pickAskRows(
  list: PickList,
  count: number,
  message: Message | null,
  columns: number,
): readonly Row[] {
  const [lead, what] =
    list.purpose === 'commands'
      ? [' : ', 'A command by its name, its key, or a word of what it does.']
      : [' / ', 'A step, finding or operation by any words of it; a status or verdict too.'];
  const right = [span(`${count} `, 'dim')];
  return [
    spread(
      [span(lead, 'accent'), ...drawField(list.field, Math.max(8, columns - 12), false)],
      right,
      columns,
    ),
    message === null
      ? [span(`   ${what}`, 'dim')]
      : [span(' » ', 'accent'), span(message.text, message.tone)],
  ];
}
