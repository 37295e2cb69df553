import { textWidth } from '../../text/width.ts';
import { type Ask, askOf } from '../asking/ask.ts';
import { drawForm } from '../asking/form.ts';
import { drawOptions } from '../asking/menu.ts';
import type { Situation } from '../incident/situation.ts';
import type { FooterKey } from '../keys/footer-keys.ts';
import { keyWords } from '../keys/key-words.ts';
import { CHECKLIST_KEYS } from '../keys/keymap.ts';
import type { StyleName } from '../look/cells.ts';
import { BLANK, fitRow, type Row, type Span, span, wrapRows } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';
import { pickAskRows } from './pick-rows.ts';

/** A pane: exactly so wide and high, its title and something short in the border. */
export function boxed(
  rows: readonly Row[],
  options: {
    readonly title: string;
    readonly right?: string;
    /** In the lower border: what is out of sight. */
    readonly below?: string;
    readonly columns: number;
    readonly height: number;
    readonly hasFocus: boolean;
  },
): readonly Row[] {
  const { columns, height, hasFocus } = options;
  const style: StyleName = hasFocus ? 'accent' : 'dim';
  const inner = columns - 2;
  const body = Array.from({ length: Math.max(0, height - 2) }, (_, index): Row => {
    return [span('│', style), ...fitRow(rows[index] ?? BLANK, inner), span('│', style)];
  });
  return [
    border('┌', '┐', inner, style, [span(options.title, hasFocus ? 'title' : 'strong')], options.right ?? ''),
    ...body,
    border('└', '┘', inner, style, [], options.below ?? ''),
  ];
}

function border(left: string, right: string, inner: number, style: StyleName, title: Row, note: string): Row {
  const end: Span[] = note === '' ? [] : [span(` ${note} `, 'dim')];
  const endWidth = note === '' ? 0 : textWidth(note) + 2;
  const room = Math.max(0, inner - endWidth - 3);
  const wanted = title.reduce((sum, one) => sum + textWidth(one.text), 0);
  const head: Row =
    title.length === 0 || room === 0 ? [] : [span(' '), ...fitRow(title, Math.min(wanted, room)), span(' ')];
  const headWidth = head.length === 0 ? 0 : Math.min(wanted, room) + 2;
  const line = Math.max(0, inner - headWidth - endWidth);
  return [span(left, style), ...head, span('─'.repeat(line), style), ...end, span(right, style)];
}

const SIGNS: Readonly<Record<Ask['tone'], readonly [string, StyleName]>> = {
  plain: ['…', 'dim'],
  ask: ['▶', 'accent'],
  warn: ['!', 'warn'],
  bad: ['✘', 'bad'],
  good: ['✔', 'good'],
};

/** What is to be done next, in at most so many rows. */
export function askRows(
  situation: Situation,
  theme: Theme,
  columns: number,
  most: number,
  nowMs: number,
  hasFocus: boolean,
  /** Of the list over the screen, if there is one. */
  pickCount: number,
): readonly Row[] {
  const { overlay, message, busy, option } = situation.ui;
  if (overlay?.kind === 'form') {
    // Whoever is typing must still see that the time for keeping the isolation runs out.
    const isUrgent = situation.view.question?.kind === 'confirmation';
    const urgent = isUrgent
      ? askOf(situation, nowMs).lines.map(
          (line): Row => [span(` ! esc, then: ${keyWords(line, theme)}`, 'warn')],
        )
      : [];
    return limit([...urgent, ...drawForm(overlay.form, columns)], most);
  }
  if (overlay?.kind === 'pick') {
    return pickAskRows(overlay.list, pickCount, message, columns);
  }
  if (overlay?.kind === 'menu') {
    const { title, lines, options } = overlay.menu;
    const rows = [
      [span(` ${title}`, 'title')] as Row,
      ...lines.flatMap((line) => wrapRows([span(' ')], keyWords(line, theme), columns - 1)),
      ...drawOptions(options, overlay.option, columns, true),
    ];
    return keepLast(rows, most, options.length);
  }
  const ask = askOf(situation, nowMs);
  const [sign, style] = SIGNS[ask.tone];
  const words = ask.tone === 'plain' || ask.tone === 'ask' ? undefined : style;
  const rows: Row[] = ask.lines.flatMap((line, index) => {
    const lead = [span(index === 0 ? ` ${sign} ` : '   ', style)];
    return wrapRows(lead, keyWords(line, theme), columns - 1, words);
  });
  rows.push(...drawOptions(ask.options, option, columns, hasFocus));
  const said = busy ?? message?.text ?? null;
  const last =
    said === null
      ? []
      : wrapRows(
          [span(' » ', 'accent')],
          keyWords(said, theme),
          columns - 1,
          busy === null ? message?.tone : undefined,
        );
  const kept = keepLast(rows, most - last.length, ask.options.length);
  const all = [...kept, ...last];
  // Room for what a key answers, so that the panes above do not move each time.
  const least = most >= 7 ? 3 : 2;
  return [...all, ...Array.from({ length: Math.max(0, least - all.length) }, () => BLANK)];
}

function limit(rows: readonly Row[], most: number): readonly Row[] {
  return rows.slice(0, Math.max(0, most));
}

/** The options stay whole; of the words before them as much as there is room for. */
function keepLast(rows: readonly Row[], most: number, options: number): readonly Row[] {
  if (rows.length <= most) return rows;
  return [...rows.slice(0, Math.max(0, most - options)), ...rows.slice(rows.length - options)].slice(
    0,
    Math.max(0, most),
  );
}

const PINNED: ReadonlySet<string> = new Set(['enter', 'help', 'leave']);

export function checklistFooter(situation: Situation, nowMs: number): readonly FooterKey[] {
  return CHECKLIST_KEYS.flatMap((binding): FooterKey[] => {
    const label = binding.label(situation, nowMs);
    if (label === null) return [];
    return [{ shown: binding.shown, label, isPinned: PINNED.has(binding.id) }];
  });
}
