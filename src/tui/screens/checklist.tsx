import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { Lines } from '../components/lines.tsx';
import { isTimed, itemAt, type Situation, shownStep } from '../incident/situation.ts';
import { overlayFooter } from '../keys/footer-keys.ts';
import { focusedArea } from '../keys/moves.ts';
import type { PickEntry } from '../lists/pick-entry.ts';
import { pickEntries } from '../lists/pick-list.ts';
import { FILTER_WORDS, filteredSteps } from '../lists/step-filter.ts';
import { beside, type Row } from '../look/cells.ts';
import { sizeClassOf } from '../look/layout.ts';
import type { Theme } from '../look/theme.ts';
import { follow, outOfSight, type Viewport, visible } from '../look/viewport.ts';
import { checklistProgress, checklistRows } from '../rows/checklist-rows.ts';
import { closingRows } from '../rows/closing-rows.ts';
import { findingDetailRows } from '../rows/finding-rows.ts';
import { footerRow } from '../rows/footer-row.ts';
import { askRows, boxed, checklistFooter } from '../rows/frame-rows.ts';
import { helpRows } from '../rows/help-rows.ts';
import { operationDetailRows } from '../rows/operation-rows.ts';
import { pickRows } from '../rows/pick-rows.ts';
import { stepRows, stepTitle } from '../rows/step-rows.ts';
import { titleRow } from '../rows/title-row.ts';
import type { ChecklistProps } from './checklist-props.ts';
import { PagerScreen } from './pager.tsx';

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
        ui.isScrolled && !isPick ? null : detail.cursorRow,
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
    else controller.layout.detail = { ...viewport, of: shown?.id ?? null };
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

const PICK_TITLES = { commands: 'Commands', find: 'Find' } as const;

interface Detail {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly cursorRow: number | null;
}

/** What stands in the right pane: the step, one finding or operation of it, the closing page, or the help. */
function useDetail(
  situation: Situation,
  theme: Theme,
  columns: number,
  nowMs: number,
  hasCursor: boolean,
  height: number,
  entries: readonly PickEntry[],
): Detail {
  const { view, ui } = situation;
  const { overlay, stepId, itemKey, choice, transcriptPath, isWhyWhole } = ui;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the screen's state these are what is drawn.
  return useMemo((): Detail => {
    if (overlay?.kind === 'help') {
      return {
        title: 'Help',
        rows: helpRows({ view, ui: { ...ui, overlay: null } }, theme, columns, nowMs),
        cursorRow: null,
      };
    }
    if (overlay?.kind === 'pick') {
      const rows = pickRows(entries, overlay.list.index, theme, columns);
      return { title: PICK_TITLES[overlay.list.purpose], rows, cursorRow: overlay.list.index };
    }
    const step = shownStep(situation);
    if (step === undefined) {
      const title = view.incident.closedAt === null ? 'The list is through' : 'Closed';
      return { title, rows: closingRows(view, transcriptPath, columns, nowMs), cursorRow: null };
    }
    const title = stepTitle(view, step.id);
    const item = overlay?.kind === 'item' ? itemAt(step, overlay.key) : undefined;
    const finding =
      item?.kind === 'finding' ? item.finding : item?.kind === 'check' ? item.check.finding : null;
    if (finding !== null) {
      return {
        title: 'Why',
        rows: findingDetailRows(finding, step.findings ?? [], columns),
        cursorRow: null,
      };
    }
    if (item?.kind === 'operation') {
      return {
        title: 'What it does',
        rows: operationDetailRows(item.operation, item.state, columns),
        cursorRow: null,
      };
    }
    return { title, ...stepRows(step, view, { itemKey, hasCursor, columns, height, isWhyWhole, nowMs }) };
  }, [
    view,
    overlay,
    stepId,
    itemKey,
    choice,
    isWhyWhole,
    transcriptPath,
    theme,
    columns,
    height,
    nowMs,
    hasCursor,
    entries,
  ]);
}
