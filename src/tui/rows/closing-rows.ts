import { assuranceSigns } from '../../engine/assurance-signs.ts';
import type { IncidentView } from '../../engine/handle.ts';
import { openSteps } from '../../engine/order.ts';
import { isIsolated, markOf } from '../../engine/select.ts';
import { weighAssurance } from '../../findings/assurance.ts';
import { formatBytes, formatClock } from '../../text/format.ts';
import { BLANK, type Row, rowOf, span, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import { countOf, sentence } from '../look/words.ts';

/** When the list is through: what came of it, what is still open, and where the record lies. */
export function closingRows(
  view: IncidentView,
  transcriptPath: string | null,
  columns: number,
  nowMs: number,
): readonly Row[] {
  const { incident } = view;
  const states = incident.steps.flatMap((step) => step.operations);
  const evidence = states.flatMap((state) => state.evidence);
  const open = openSteps(incident);
  const endMs = incident.closedAt === null ? nowMs : Date.parse(incident.closedAt);
  const { left, assurance } = whatIsLeft(view);
  const rows: Row[] = [
    ...wrapRows(
      [span(' ')],
      open.length === 0
        ? 'Every step of the playbook is done.'
        : `The playbook is through, but ${countOf(open.length, 'step')} of ${incident.steps.length} did not end well or did not run. Whoever takes over must know of that.`,
      columns,
    ),
    BLANK,
    [span(' Still open', 'strong'), span(open.length + left.length === 0 ? '   nothing' : '', 'good')],
  ];
  for (const step of open) {
    const mark = markOf(step, incident);
    const why = step.reason === null ? mark.word : `${mark.word}: ${sentence(foreign(step.reason))}`;
    rows.push(
      ...wrapRows(
        [span(` ${mark.sign} `, 'warn'), span(`${foreign(step.definition.title)}  `)],
        why,
        columns,
        'dim',
      ),
    );
  }
  const notKept = states.filter((state) => state.verification?.status === 'unknown');
  for (const { operation } of notKept) {
    rows.push(
      ...wrapRows(
        [span(' ? ', 'warn')],
        `${foreign(operation.id)}: it could not be checked whether it holds`,
        columns,
      ),
    );
  }
  for (const text of left) rows.push(...wrapRows([span(' ! ', 'warn')], foreign(text), columns));
  if (assurance !== null)
    rows.push(BLANK, [span(' Assurance', 'strong'), span('  '), span(assurance, 'warn')]);
  rows.push(BLANK, [span(' Done', 'strong')]);
  const counts = {
    done: states.filter((state) => state.status === 'done').length,
    failed: states.filter((state) => state.status === 'failed' || state.status === 'refused').length,
    undone: states.filter((state) => state.status === 'undone').length,
  };
  rows.push(
    ...wrapRows(
      [span('   ')],
      [
        `${countOf(counts.done, 'operation')} done`,
        ...(counts.failed > 0 ? [`${counts.failed} failed or refused`] : []),
        ...(counts.undone > 0 ? [`${counts.undone} undone`] : []),
      ].join(', '),
      columns,
    ),
  );
  rows.push(
    rowOf(
      `   ${countOf(evidence.length, 'evidence file')}, ${formatBytes(evidence.reduce((sum, file) => sum + file.sizeBytes, 0))}`,
    ),
  );
  rows.push(
    rowOf(
      `   ${countOf(incident.notes.length, 'note')}, ${formatClock(endMs - Date.parse(incident.openedAt))} from opening${incident.closedAt === null ? '' : ' to closing'}`,
    ),
  );
  rows.push(BLANK, [span(' Where it is', 'strong')]);
  rows.push(...wrapRows([span('   folder      ', 'dim')], foreign(view.folder), columns));
  rows.push(
    ...wrapRows(
      [span('   journal     ', 'dim')],
      `${incident.seq} records, head ${view.journalHead.slice(0, 16)}`,
      columns,
    ),
  );
  rows.push(
    ...wrapRows(
      [span('   transcript  ', 'dim')],
      transcriptPath === null ? 'not exported yet (t)' : foreign(transcriptPath),
      columns,
    ),
  );
  return rows;
}

/** What the steps did not settle, though each of them ended well, and how sure one can be of the rest. */
function whatIsLeft({ incident }: IncidentView): {
  readonly left: readonly string[];
  readonly assurance: string | null;
} {
  const ending = incident.steps.find(({ definition }) => definition.uses === 'rebuild-or-release');
  const hasLooked = incident.steps.some(({ findings }) => findings !== null);
  const signs = assuranceSigns(incident, ending?.findings ? ending.id : null);
  const named = (titles: readonly string[], what: string) =>
    titles.length === 0
      ? []
      : [
          `${what}: ${titles.slice(0, 3).join(', ')}${titles.length > 3 ? ` and ${titles.length - 3} more` : ''}`,
        ];
  const { level, advice } = weighAssurance(signs);
  return {
    left: [
      ...named(signs.left, 'malicious and still there'),
      ...named(signs.unjudged, 'suspicious, and nobody has said what it is'),
      ...named(signs.secretsOpen, 'not replaced yet'),
      ...(isIsolated(incident) ? ['the host is isolated still'] : []),
    ],
    assurance:
      ending === undefined || !hasLooked
        ? null
        : `${level}; the advice is to ${advice === 'rebuild' ? 'build it anew' : 'let it back'}`,
  };
}
