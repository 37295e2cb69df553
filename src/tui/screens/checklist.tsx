import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { Lines } from '../components/lines.tsx';
import { isTimed, type Situation, shownStep } from '../incident/situation.ts';
import { overlayFooter } from '../keys/footer-keys.ts';
import { focusedArea } from '../keys/moves.ts';
import { pickEntries } from '../lists/pick-list.ts';
import { FILTER_WORDS, filteredSteps } from '../lists/step-filter.ts';
import { beside, type Row } from '../look/cells.ts';
import { sizeClassOf } from '../look/layout.ts';
import { follow, outOfSight, type Viewport, visible } from '../look/viewport.ts';
import { checklistProgress, checklistRows } from '../rows/checklist-rows.ts';
import { footerRow } from '../rows/footer-row.ts';
import { askRows, boxed, checklistFooter } from '../rows/frame-rows.ts';
import { titleRow } from '../rows/title-row.ts';
import type { ChecklistProps } from './checklist-props.ts';
import { PagerScreen } from './pager.tsx';
import { useDetail } from './use-detail.ts';

/** The checklist with the step beside it, what is asked below, and whatever lies over that. */
export function ChecklistScreen(props: ChecklistProps) {
  const { controller, clock, theme, columns, rows } = props;
  const view = useSyncExternalStore(controller.incident.subscribe, controller.incident.get);
  const ui = useSyncExternalStore(controller.ui.subscribe, controller.ui.get);
  const nowMs = useSyncExternalStore(clock.subscribe, clock.now);
  const situation: Situation = { view, ui };
  const area = focusedArea(situation, nowMs);
  const isOnePane = sizeClassOf(columns, rows) === 'one-pane';
  const footer = footerRow(
    ui.overlay === null ? checklistFooter(situation, nowMs) : overlayFooter(ui.overlay),
    theme,
    columns,
  );
  const most = Math.max(2, Math.min(rows >= 30 ? 9 : 7, Math.floor(rows / 3)));
  const isWhole = ui.overlay?.kind === 'help' || ui.overlay?.kind === 'pick';
  const drawnAtMs = isTimed(situation) ? nowMs : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the screen's state the list alone matters to them.
  const entries = useMemo(
    () => (ui.overlay?.kind === 'pick' ? pickEntries(ui.overlay.list, situation, nowMs) : []),
    [view, ui.overlay, drawnAtMs],
  );
  const ask =
    ui.overlay?.kind === 'help'
      ? []
      : askRows(situation, theme, columns, most, nowMs, area === 'ask', entries.length);
  const paneHeight = rows - 2 - ask.length;

  const listColumns = isOnePane ? columns : Math.max(26, Math.min(40, Math.floor(columns * 0.34)));
  const detailColumns = isOnePane ? columns : columns - listColumns;
  const inner = Math.max(1, paneHeight - 2);

  const detail = useDetail(
    situation,
    theme,
    (isWhole ? columns : detailColumns) - 3,
    drawnAtMs,
    area === 'detail' && ui.overlay === null,
    inner,
    entries,
  );
  const isPage = ui.overlay?.kind === 'help' || ui.overlay?.kind === 'item';
  const pageTop = ui.overlay !== null && 'top' in ui.overlay ? ui.overlay.top : 0;
  const isPick = ui.overlay?.kind === 'pick';
  const shown = shownStep(situation);
  const before = controller.layout.detail;
  const detailTop = ui.isScrolled ? ui.detailTop : before.of === (shown?.id ?? null) ? before.top : 0;
  const viewport: Viewport = isPage
    ? follow(pageTop, inner, detail.rows.length, null)
    : follow(
        isPick ? controller.layout.pick.top : detailTop,
        inner,
        detail.rows.length,
        (ui.isScrolled || detail.beginsAbove) && !isPick ? null : detail.cursorRow,
      );
  const steps = useMemo(() => filteredSteps(view.incident, ui.filter), [view.incident, ui.filter]);
  const stepIndex = steps.findIndex((step) => step.id === shown?.id);
  const listViewport = follow(
    controller.layout.checklist.top,
    inner,
    steps.length,
    stepIndex < 0 ? null : stepIndex,
  );
  const { top } = listViewport;
  const list = useMemo(() => {
    const inSight = steps.slice(top, top + inner);
    return checklistRows(view, inSight, shown?.id ?? null, area === 'checklist', listColumns - 3);
  }, [view, steps, top, inner, shown?.id, area, listColumns]);

  useLayoutEffect(() => {
    if (isPage) controller.layout.page = viewport;
    else if (isPick) controller.layout.pick = viewport;
    else controller.layout.detail = { ...viewport, of: shown?.id ?? null, cursor: detail.cursorRow };
    controller.layout.checklist = listViewport;
  });

  if (ui.overlay?.kind === 'pager') return <PagerScreen {...props} overlay={ui.overlay} />;

  const listPane = boxed(list, {
    title: FILTER_WORDS[ui.filter],
    right: checklistProgress(view),
    below: outOfSight(listViewport),
    columns: listColumns,
    height: paneHeight,
    hasFocus: area === 'checklist',
  });
  const detailPane = boxed(visible(detail.rows, viewport), {
    title: detail.title,
    below: outOfSight(viewport),
    columns: isWhole ? columns : detailColumns,
    height: paneHeight,
    hasFocus: area === 'detail',
  });
  const isListHidden = isWhole || (isOnePane && (area !== 'checklist' || isPage));
  const panes: readonly Row[] = isListHidden
    ? detailPane
    : isOnePane
      ? listPane
      : beside(listPane, listColumns, detailPane);
  const all = [titleRow(view, columns, nowMs), ...panes, ...ask, footer];
  return <Lines rows={all} columns={columns} height={rows} theme={theme} />;
}
