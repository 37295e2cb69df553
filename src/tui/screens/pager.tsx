import { useEffect, useSyncExternalStore } from 'react';
import { describeOperation } from '../../operations/describe.ts';
import { formatBytes } from '../../text/format.ts';
import { printable } from '../../text/printable.ts';
import { textWidth } from '../../text/width.ts';
import { drawField } from '../asking/text-field.ts';
import { Lines } from '../components/lines.tsx';
import type { Overlay } from '../incident/ui-state.ts';
import { OVERLAY_FOOTERS } from '../keys/footer-keys.ts';
import { type Row, rowWidth, type Span, span, spread, wrapText } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import type { Pager, PagerView } from '../pager/pager.ts';
import { footerRow } from '../rows/footer-row.ts';
import type { ChecklistProps } from './checklist-props.ts';

type PagerOverlay = Extract<Overlay, { kind: 'pager' }>;

/** A step's output over the whole screen. */
export function PagerScreen({
  controller,
  theme,
  columns,
  rows,
  overlay,
}: ChecklistProps & { overlay: PagerOverlay }) {
  const { pager } = controller.output;
  return pager === null ? null : <OpenPager {...{ controller, theme, columns, rows, overlay, pager }} />;
}

function OpenPager({
  controller,
  theme,
  columns,
  rows,
  overlay,
  pager,
}: Omit<ChecklistProps, 'clock'> & { overlay: PagerOverlay; pager: Pager }) {
  const view = useSyncExternalStore(pager.store.subscribe, pager.store.get);
  const height = Math.max(1, rows - 3);
  useEffect(() => {
    void pager.setHeight(height);
  }, [pager, height]);
  const { index, count, state } = controller.output.place(overlay);
  const title = state === undefined ? 'Output' : foreign(describeOperation(state.operation).title);
  const which = count > 1 ? `output ${index + 1} of ${count} ` : 'output ';
  const timeOf = (line: number) => (overlay.hasTimes && view.isPlaced ? pager.timeOf(line).padEnd(8) : '');
  const body: Row[] = view.lines.flatMap((line, at) =>
    lineRows(line, view, view.top + at, timeOf(view.top + at), overlay, columns),
  );
  if (view.lines.length === 0)
    body.push([span(view.isCounted ? ' There is no output.' : ' Reading…', 'dim')]);
  const shown = body.slice(0, height);
  const all: Row[] = [
    spread([span(` ${title}`, 'title')], [span(which, 'dim')], columns),
    ...shown,
    ...Array.from({ length: Math.max(0, height - shown.length) }, (): Row => [span('~', 'dim')]),
    statusRow(view, overlay, columns, height),
    footerRow(
      overlay.typing === null ? OVERLAY_FOOTERS.pager : OVERLAY_FOOTERS[`pager-${overlay.typing.purpose}`],
      theme,
      columns,
    ),
  ];
  return <Lines rows={all} columns={columns} height={rows} theme={theme} />;
}

/** One line of output as one row, or wrapped; what was searched for is marked. */
function lineRows(
  line: string,
  view: PagerView,
  number: number,
  time: string,
  overlay: PagerOverlay,
  columns: number,
): readonly Row[] {
  const isMatch = view.match === number;
  const hasNumbers = overlay.hasNumbers && view.isPlaced;
  const digits = hasNumbers ? String(view.totalLines).length : 0;
  const numbered = hasNumbers ? [span(`${String(number + 1).padStart(digits)} `, 'dim')] : [];
  const timed = time === '' ? [] : [span(`${time} `, 'dim')];
  const lead = [span(isMatch ? '❯' : ' ', 'accent'), ...timed, ...numbered];
  if (!overlay.isWrapped) return [[...lead, ...marked(fromColumn(line, overlay.left), view.query)]];
  const width = rowWidth(lead);
  const pieces = hardWrap(line, columns - width);
  return pieces.map((piece, index) => [
    ...(index === 0 ? lead : [span(' '.repeat(width))]),
    ...marked(piece, view.query),
  ]);
}

function marked(text: string, query: string): readonly Span[] {
  if (query === '') return [span(text)];
  const isExact = /\p{Lu}/u.test(query);
  const searched = isExact ? text : text.toLowerCase();
  // Lower case can be longer than what it was made from; then nothing is marked rather than the wrong thing.
  if (searched.length !== text.length) return [span(text)];
  const spans: Span[] = [];
  let from = 0;
  for (let at = searched.indexOf(query); at >= 0; at = searched.indexOf(query, from)) {
    spans.push(span(text.slice(from, at)), span(text.slice(at, at + query.length), 'mark'));
    from = at + query.length;
  }
  return [...spans, span(text.slice(from))];
}

function fromColumn(line: string, left: number): string {
  if (left === 0) return line;
  let column = 0;
  let rest = '';
  for (const character of line) {
    if (column >= left) rest += character;
    column += textWidth(character);
  }
  return rest;
}

function hardWrap(line: string, columns: number): readonly string[] {
  return textWidth(line) <= columns
    ? [line]
    : wrapText(line.replaceAll(' ', '\u00a0'), columns).map((piece) => piece.replaceAll('\u00a0', ' '));
}

function statusRow(view: PagerView, overlay: PagerOverlay, columns: number, height: number): Row {
  if (overlay.typing !== null)
    return [
      span(overlay.typing.purpose === 'search' ? ' / ' : ' save as ', 'accent'),
      ...drawField(overlay.typing.field, columns - 11, false),
    ];
  const parts = [
    placeOf(view, height),
    formatBytes(view.totalBytes),
    ...(view.isFollowing ? ['following'] : []),
    ...(overlay.isWrapped ? ['wrapped'] : []),
    ...(overlay.left > 0 ? [`from column ${overlay.left + 1}`] : []),
  ];
  const message = view.message === null ? '' : printable(view.message);
  if (message !== '') return [span(` ${message}`, 'warn')];
  return spread([], [span(`${parts.join(' · ')} `, 'dim')], columns);
}

/** Which lines of how many are on the screen. */
function placeOf(view: PagerView, height: number): string {
  if (view.totalBytes === 0) return view.isCounted ? 'empty' : 'reading';
  if (!view.isPlaced) return 'the end; counting its lines';
  const last = Math.min(view.totalLines, view.top + height);
  const percent = Math.floor((last / Math.max(1, view.totalLines)) * 100);
  const counting = view.isCounted ? '' : ' and counting';
  return `line ${view.top + 1} to ${last} of ${view.totalLines}${counting} · ${percent} %`;
}
