import { useSyncExternalStore } from 'react';
import { Lines } from '../components/lines.tsx';
import type { HomeController } from '../home/home-controller.ts';
import type { Theme } from '../look/theme.ts';
import { homeRows } from '../rows/home-rows.ts';

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
  const all = homeRows(controller.model, ui, theme, columns, rows);
  return <Lines rows={all} columns={columns} height={rows} theme={theme} />;
}
