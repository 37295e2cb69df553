import { useMemo } from 'react';
import { itemAt, type Situation, shownStep } from '../incident/situation.ts';
import type { PickEntry } from '../lists/pick-entry.ts';
import type { Row } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';
import { closingRows } from '../rows/closing-rows.ts';
import { findingDetailRows } from '../rows/finding-rows.ts';
import { helpRows } from '../rows/help-rows.ts';
import { operationDetailRows } from '../rows/operation-rows.ts';
import { pickRows } from '../rows/pick-rows.ts';
import { stepRows, stepTitle } from '../rows/step-rows.ts';

const PICK_TITLES = { commands: 'Commands', find: 'Find' } as const;

interface Detail {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly cursorRow: number | null;
  readonly beginsAbove?: boolean;
}

/** What stands in the right pane: the step, one finding or operation of it, the closing page, or the help. */
export function useDetail(
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
