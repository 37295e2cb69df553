import { useSyncExternalStore } from 'react';
import { Lines } from '../components/lines.tsx';
import type { HomeController } from '../home/home-controller.ts';
import { HOME_KEYS, homeEntries } from '../home/home-entries.ts';
import { BLANK, type Row } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';
import { follow, visible } from '../look/viewport.ts';
import { footerRow } from '../rows/frame-rows.ts';
import { homeAskRows, homeHelpRows, homeListRows, homeTitleRows } from '../rows/home-rows.ts';

/** Open incidents to go on with, and what can be started. */
export function HomeScreen({
  controller,
  theme,
  columns,
  rows,
}: {
  controller: HomeController;
  theme: Theme;
  columns: number;
  rows: number;
}) {
  const ui = useSyncExternalStore(controller.ui.subscribe, controller.ui.get);
  const { model } = controller;
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
  const keys = ui.isHelp ? [{ shown: 'esc', label: 'back', isPinned: true }] : HOME_KEYS;
  const all = [...title, BLANK, ...filled, ...ask, footerRow(keys, theme, columns)];
  return <Lines rows={all} columns={columns} height={rows} theme={theme} />;
}
