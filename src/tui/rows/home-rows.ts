import { textWidth } from '../../text/width.ts';
import { drawField } from '../asking/text-field.ts';
import { HOME_KEYS, type HomeEntry, type HomeUi, homeEntries } from '../home/home-entries.ts';
import type { HomeIncident, HomeModel } from '../home/home-model.ts';
import type { FooterKey } from '../keys/footer-keys.ts';
import { keyWords } from '../keys/key-words.ts';
import { BLANK, type Row, span, spread, wrapRows } from '../look/cells.ts';
import { foreign, type Theme } from '../look/theme.ts';
import { follow, visible } from '../look/viewport.ts';
import { footerRow } from './footer-row.ts';

/** The whole home screen: what it is on, the list, what is asked, and the keys. */
export function homeRows(
  model: HomeModel,
  ui: HomeUi,
  theme: Theme,
  columns: number,
  rows: number,
): readonly Row[] {
  const entries = homeEntries(model, ui);
  const title = homeTitleRows(model, columns);
  const ask = ui.isHelp ? [] : homeAskRows(ui, entries[ui.cursor], theme, columns);
  const room = Math.max(1, rows - title.length - 1 - ask.length - 1);
  const body: readonly Row[] = ui.isHelp ? homeHelpRows(theme, columns).slice(0, room) : listRows();
  function listRows(): readonly Row[] {
    const list = homeListRows(entries, ui.cursor, columns);
    // The heading above the first line belongs with it.
    const cursor = ui.cursor === 0 ? 0 : list.cursorRow;
    return visible(list.rows, follow(0, room, list.rows.length, cursor));
  }
  const filled = [...body, ...Array.from({ length: Math.max(0, room - body.length) }, () => BLANK)];
  const keys = ui.isHelp ? [BACK] : ui.picking === null ? HOME_KEYS : PICKING_KEYS;
  return [...title, BLANK, ...filled, ...ask, footerRow(keys, theme, columns)];
}

const BACK: FooterKey = { shown: 'esc', label: 'back', isPinned: true };
/** Nothing is open yet that could be filtered, and leaving is going back first. */
const PICKING_KEYS: readonly FooterKey[] = [
  ...HOME_KEYS.filter(({ shown }) => shown !== 'f' && shown !== 'q'),
  BACK,
];

/** The list with its headings, and the row that the cursor is on. */
function homeListRows(
  entries: readonly HomeEntry[],
  cursor: number,
  columns: number,
): { readonly rows: readonly Row[]; readonly cursorRow: number } {
  const rows: Row[] = [];
  let section = '';
  let cursorRow = 0;
  const titleWidth = Math.min(30, Math.max(...entries.map((entry) => textWidth(entry.title)), 10));
  for (const [index, entry] of entries.entries()) {
    if (entry.section !== section) {
      if (rows.length > 0) rows.push(BLANK);
      rows.push([span(` ${entry.section}`, 'strong')]);
      section = entry.section;
    }
    if (index === cursor) cursorRow = rows.length;
    rows.push(entryRow(entry, index === cursor, titleWidth, columns));
  }
  if (entries.length === 0) rows.push([span(' Nothing like that. esc shows everything again.')]);
  return { rows, cursorRow };
}

function entryRow(entry: HomeEntry, isHere: boolean, titleWidth: number, columns: number): Row {
  const title = spread([span(entry.title, isHere ? 'strong' : undefined)], [], titleWidth);
  const fill = ' '.repeat(Math.max(0, titleWidth - textWidth(entry.title)));
  const right =
    entry.whyNot === null ? (entry.choice.kind === 'incident' ? entry.choice.how : '') : 'not now';
  return spread(
    [
      span(isHere ? ' ❯ ' : '   ', 'accent'),
      ...title,
      span(`${fill}   `),
      span(entry.middle === '' ? '' : `${entry.middle}   `),
      span(entry.detail, 'dim'),
    ],
    right === '' ? [] : [span(`${right} `, entry.whyNot === null ? 'accent' : 'warn')],
    columns,
  );
}

function homeTitleRows(model: HomeModel, columns: number): readonly Row[] {
  const name = span(` tourniquet ${model.version}`, 'title');
  const host = span(foreign(model.hostLine));
  const you = span(`${foreign(model.responderLine)} `, 'dim');
  const whole = textWidth(name.text) + textWidth(host.text) + textWidth(you.text) + 6;
  if (whole <= columns) return [spread([name, span('   '), host], [you], columns)];
  return [spread([name], [you], columns), [span(' '), host]];
}

/** Below the list: what is going on, what went wrong, or what to do. */
function homeAskRows(
  ui: HomeUi,
  entry: HomeEntry | undefined,
  theme: Theme,
  columns: number,
): readonly Row[] {
  if (ui.picking === null && ui.address !== null) {
    const said =
      ui.message?.text ?? 'A host as you would type it after ssh; tourniquet must be installed there.';
    return [
      [span(' ssh ', 'accent'), ...drawField(ui.address, columns - 7, false)],
      [span(`   ${said}`, ui.message === null ? 'dim' : 'warn')],
    ];
  }
  if (ui.isTyping && ui.filter !== null) {
    return [[span(' / ', 'accent'), ...drawField(ui.filter, columns - 5, false)], BLANK];
  }
  const rows = (sign: string, style: 'accent' | 'warn' | 'bad' | 'dim', text: string) => {
    const wrapped = wrapRows([span(` ${sign} `, style)], keyWords(text, theme), columns - 1);
    return wrapped.length === 1 ? [...wrapped, BLANK] : wrapped.slice(0, 5);
  };
  if (ui.busy !== null) return rows('…', 'dim', ui.busy);
  if (ui.message !== null) return rows('!', ui.message.tone === 'bad' ? 'bad' : 'warn', ui.message.text);
  if (entry === undefined) return rows('▶', 'accent', 'There is nothing to choose.');
  if (entry.whyNot !== null) return rows('!', 'warn', `Cannot be done now: ${entry.whyNot}`);
  const words =
    entry.choice.kind === 'incident'
      ? `⏎ ${HOW_WORDS[entry.choice.how](entry.title)}: ${entry.detail}.`
      : `⏎ ${entry.title}: ${entry.detail.replace(/…$/, '')}.`;
  return rows('▶', 'accent', words);
}

const HOW_WORDS: Readonly<Record<HomeIncident['how'], (title: string) => string>> = {
  resume: (title) => `goes on with ${title} where it stopped`,
  follow: (title) => `reads along with ${title}, live`,
  read: (title) => `shows ${title}, which is closed; nothing is changed`,
};

function homeHelpRows(theme: Theme, columns: number): readonly Row[] {
  return [
    [span(' Keys', 'strong')],
    ...HOME_KEYS.flatMap(({ shown, help }) =>
      wrapRows([span(`   ${keyWords(shown, theme).padEnd(8)}`, 'accent')], help, columns - 1),
    ),
    BLANK,
    ...wrapRows(
      [span(' ')],
      'Nothing is done to a host before you have seen what would be done and approved it. If you have never met a miner, begin with Practise: the same steps against a harmless one, in a sandbox.',
      columns - 1,
    ),
  ];
}
