import type { Activity } from '../../engine/handle.ts';
import type { OperationState, OperationStatus } from '../../engine/incident.ts';
import { MARKS } from '../../engine/select.ts';
import { describeOperation } from '../../operations/describe.ts';
import type { Operation } from '../../operations/operation.ts';
import { formatBytes, formatDuration } from '../../text/format.ts';
import { textWidth } from '../../text/width.ts';
import { progressRow } from '../asking/activity-line.ts';
import type { StyleName } from '../look/cells.ts';
import { type Row, rowOf, span, spread, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import { RISK_WORDS, wholeSeconds } from '../look/words.ts';
import { showableLines } from '../pager/output-text.ts';

interface OperationMark {
  readonly sign: string;
  readonly word: string;
  readonly style: StyleName | undefined;
}

const OPERATION_MARKS: Readonly<Record<OperationStatus, OperationMark>> = {
  'to-do': { sign: MARKS.todo.sign, word: 'to do', style: 'dim' },
  running: { sign: MARKS.running.sign, word: 'running', style: 'accent' },
  attached: { sign: MARKS.running.sign, word: 'still running', style: 'accent' },
  done: { sign: MARKS.done.sign, word: 'done', style: 'good' },
  failed: { sign: MARKS.failed.sign, word: 'failed', style: 'bad' },
  refused: { sign: MARKS.failed.sign, word: 'refused', style: 'bad' },
  unknown: { sign: MARKS.unknown.sign, word: 'unknown', style: 'warn' },
  'not-done': { sign: MARKS.todo.sign, word: 'not done', style: 'warn' },
  undoing: { sign: MARKS.undone.sign, word: 'taking back', style: 'accent' },
  undone: { sign: MARKS.undone.sign, word: 'undone', style: undefined },
  'undo-failed': { sign: MARKS.failed.sign, word: 'undo failed', style: 'bad' },
};

/** What is not begun: `+ block-address 10.66.0.9    nft add rule …`, the command below where it does not fit beside. */
export function plannedRows(operation: Operation, columns: number, isHere: boolean): readonly Row[] {
  const { title, commands } = describeOperation(operation);
  const lead: Row = [span(isHere ? '❯' : ' ', 'accent'), span('+ ', 'accent')];
  const name = foreign(title);
  // What somebody wrote into a playbook is read whole before it is approved.
  if (operation.kind === 'run-command')
    return [
      [...lead, span(name, isHere ? 'strong' : undefined)],
      ...commands.flatMap((text) => wrapRows([span('     ')], foreign(text), columns, 'dim')),
    ];
  const command = foreign(tellingCommand(title, commands));
  const nameSpan = span(name, isHere ? 'strong' : undefined);
  if (columns >= 66) {
    const nameColumns = Math.max(30, Math.floor(columns * 0.42));
    if (textWidth(name) <= nameColumns) {
      return [
        [
          ...lead,
          span(name + ' '.repeat(nameColumns - textWidth(name)), nameSpan.style),
          span(`  ${command}`, 'dim'),
        ],
      ];
    }
  }
  return command === '' ? [[...lead, nameSpan]] : [[...lead, nameSpan], [span(`     ${command}`, 'dim')]];
}

/** Of several commands the one that does it: it names the target, and has more to say than those around it. */
function tellingCommand(title: string, commands: readonly string[]): string {
  const target = title
    .split(/[ ()]+/)
    .slice(1)
    .filter((word) => word.length > 1);
  const real = commands.filter((command) => !command.startsWith('#'));
  const named = real.filter((command) => target.some((word) => command.includes(word)));
  const longest = (all: readonly string[]) => all.toSorted((a, b) => b.length - a.length)[0];
  return longest(named) ?? longest(real) ?? commands[0] ?? '';
}

/** What was begun: mark, title, time; below it what came of it. */
export function begunRows(
  state: OperationState,
  activity: Activity | null,
  columns: number,
  isHere: boolean,
  nowMs: number,
): readonly Row[] {
  const isActive = activity !== null && activity.operationId === state.operation.id;
  const mark = OPERATION_MARKS[isActive && state.status === 'to-do' ? 'running' : state.status];
  const right =
    state.status === 'to-do' && !isActive
      ? ''
      : [columns >= 60 ? mark.word : '', timeOf(state, isActive ? activity : null, nowMs)]
          .filter(Boolean)
          .join(' ');
  const rows: Row[] = [
    spread(
      [
        span(isHere ? '❯' : ' ', 'accent'),
        span(`${mark.sign} `, mark.style),
        span(foreign(describeOperation(state.operation).title), isHere ? 'strong' : undefined),
      ],
      [span(right, mark.style)],
      columns,
    ),
  ];
  if (isActive) rows.push(...liveRows(activity, columns, nowMs));
  else if (state.message !== null && state.message.trim() !== '') {
    const isTrouble = mark.style === 'bad' || mark.style === 'warn';
    const text = foreign(state.message);
    // What went well is one row, cut where it can be seen; i has all of it.
    if (isTrouble) rows.push(...wrapRows([span('   ')], text, columns, mark.style).slice(0, 4));
    else rows.push([span('   '), span(text, 'dim')]);
  }
  return rows;
}

function timeOf(state: OperationState, activity: Activity | null, nowMs: number): string {
  if (activity !== null) {
    const spent = nowMs - activity.startedAtMs;
    return spent >= 1000 ? wholeSeconds(spent) : '';
  }
  if (state.startedAt === null || state.finishedAt === null) return '';
  return formatDuration(Date.parse(state.finishedAt) - Date.parse(state.startedAt));
}

const TAIL_ROWS = 6;

/** The bar and the last lines of output of what is running. */
function liveRows(activity: Activity, columns: number, nowMs: number): readonly Row[] {
  const rows: Row[] = [];
  if (activity.progress !== null) {
    rows.push([span('   '), ...progressRow(activity.progress, nowMs - activity.startedAtMs, columns - 3)]);
  }
  // A little more than is shown: a private key is recognised by the lines around it.
  const tail = showableLines(activity.tail.slice(-TAIL_ROWS - 60));
  for (const line of tail.slice(-TAIL_ROWS)) rows.push([span('   │ ', 'dim'), span(line, 'dim')]);
  return rows;
}

/** All of an operation: the commands for the same effect, what undoing does, what came of it. */
export function operationDetailRows(
  operation: Operation,
  state: OperationState | null,
  columns: number,
): readonly Row[] {
  const { title, risk, canUndo, undoNote, commands } = describeOperation(operation);
  const rows: Row[] = [...wrapRows([span(' ')], foreign(title), columns, 'strong')];
  const undo = risk === 'read-only' ? '' : canUndo === 'yes' ? ' · undo ✔' : ' · undo ✘';
  rows.push(rowOf(` ${risk === 'irreversible' ? 'irreversible' : RISK_WORDS[risk]}${undo}`));
  if (undoNote !== null && risk !== 'read-only')
    rows.push(...wrapRows([span(' Undo: ', 'dim')], foreign(undoNote), columns));
  rows.push([], [span(' What a person would type for the same effect', 'strong')]);
  for (const command of commands) rows.push(...wrapRows([span('  ')], foreign(command), columns, 'dim'));
  if (state === null) return rows;
  rows.push([], [span(' What came of it', 'strong')]);
  rows.push([
    span(
      `  ${OPERATION_MARKS[state.status].sign} ${OPERATION_MARKS[state.status].word}`,
      OPERATION_MARKS[state.status].style,
    ),
  ]);
  const facts: [string, string][] = [];
  if (state.message !== null) facts.push(['said', state.message]);
  if (state.verification !== null)
    facts.push(['checked', `${state.verification.status}: ${state.verification.detail}`]);
  if (state.exitCode !== null) facts.push(['exit code', String(state.exitCode)]);
  if (state.attempts > 1) facts.push(['attempts', String(state.attempts)]);
  if (state.startedAt !== null) facts.push(['begun', state.startedAt]);
  if (state.finishedAt !== null) facts.push(['ended', state.finishedAt]);
  if (state.output !== null)
    facts.push([
      'output',
      `${formatBytes(state.output.sizeBytes)}, sha256 ${state.output.sha256} (o reads it)`,
    ]);
  for (const file of state.evidence)
    facts.push(['evidence', `${file.name}, ${formatBytes(file.sizeBytes)}, sha256 ${file.sha256}`]);
  for (const [name, value] of facts)
    rows.push(...wrapRows([span(`  ${name.padEnd(9)} `, 'dim')], foreign(value), columns));
  return rows;
}
