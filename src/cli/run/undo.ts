import type { OperationState, StepState } from '../../engine/incident.ts';
import { undoable } from '../../engine/why-not.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { describeOperation } from '../../operations/describe.ts';
import type { Runner } from '../../runner/runner.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { resumeFolder } from './resume.ts';

export interface UndoOptions {
  /** Do not ask. */
  readonly yes?: boolean;
}

/** What came of one operation; `stays` cannot be undone. */
interface UndoneRow {
  readonly step: string;
  readonly stepTitle: string;
  readonly operation: string;
  readonly title: string;
  readonly status: 'to-undo' | 'undone' | 'undo-failed' | 'stays';
  readonly message: string | null;
}

/**
 * `tourniquet undo INCIDENT [STEP]`: newest first; what cannot be undone is named before and after. With `--json` nobody is asked:
 * without `--yes` it says what would be taken back, and takes nothing back.
 */
export async function undoVerb(
  context: CliContext,
  name: string,
  stepId: string | undefined,
  options: UndoOptions,
): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const runner = await resumeFolder(context, folder, 'headless', { reopen: 'to undo' });
  try {
    await runner.whenIdle();
    const steps = stepsToUndo(runner, stepId);
    if (context.json) return await undoForMachines(context, runner, steps, options.yes ?? false);
    if (steps.length === 0) {
      context.stdout.write('Nothing in it can be undone.\n');
      return EXIT.done;
    }
    say(context, toUndo(runner, steps));
    if (!options.yes && !(await agreed(context))) {
      context.stdout.write('Nothing was undone.\n');
      return EXIT.needsSomebody;
    }
    const { rows, problems } = await undoSteps(runner, steps);
    for (const { status, title, message } of rows)
      context.stdout.write(
        `${printable(`${status === 'undone' ? 'undone' : 'NOT undone'}  ${title}: ${message ?? ''}`)}\n`,
      );
    for (const problem of problems) context.stderr.write(`tourniquet: ${printable(problem)}\n`);
    return problems.length === 0 ? EXIT.done : EXIT.unfinished;
  } finally {
    await runner.leave('undo finished');
  }
}

function stepsToUndo(runner: Runner, stepId: string | undefined): string[] {
  const { incident } = runner.view();
  if (stepId !== undefined && !incident.steps.some((step) => step.id === stepId)) {
    throw new UserError('no-such-step', `The incident has no step "${stepId}".`, {
      hint: `It has: ${incident.steps.map((step) => step.id).join(', ')}.`,
    });
  }
  return incident.steps
    .filter((step) => (stepId === undefined || step.id === stepId) && undoable(step).length > 0)
    .sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
    .map((step) => step.id);
}

async function undoForMachines(
  context: CliContext,
  runner: Runner,
  steps: readonly string[],
  isAgreed: boolean,
): Promise<ExitCode> {
  const before = toUndo(runner, steps);
  const isDone = isAgreed || steps.length === 0;
  const { rows, problems } = isDone ? await undoSteps(runner, steps) : { rows: before, problems: [] };
  const stays = isDone ? before.filter(({ status }) => status === 'stays') : [];
  const { id } = runner.view().incident;
  context.stdout.write(
    `${safeJson({ incident: id, isDone, operations: [...rows, ...stays], problems }, 2)}\n`,
  );
  if (!isDone) return EXIT.needsSomebody;
  return problems.length === 0 ? EXIT.done : EXIT.unfinished;
}

/** What would be taken back, in that order, and then what cannot be. */
function toUndo(runner: Runner, steps: readonly string[]): readonly UndoneRow[] {
  const { incident } = runner.view();
  const wanted = steps.flatMap((id) => incident.steps.filter((step) => step.id === id));
  const lost = incident.steps.flatMap((step) =>
    step.operations
      .filter(
        (state) => state.status === 'done' && describeOperation(state.operation).risk === 'irreversible',
      )
      .map((state) => rowOf(step, state, 'stays')),
  );
  return [...wanted.flatMap((step) => undoable(step).map((state) => rowOf(step, state, 'to-undo'))), ...lost];
}

function rowOf(
  step: StepState,
  { operation, message }: OperationState,
  status: UndoneRow['status'],
): UndoneRow {
  const { title } = describeOperation(operation);
  return { step: step.id, stepTitle: step.definition.title, operation: operation.id, title, status, message };
}

function say(context: CliContext, rows: readonly UndoneRow[]): void {
  let step = '';
  for (const row of rows) {
    const isLost = row.status === 'stays';
    if (!isLost && row.step !== step) context.stdout.write(`${printable(row.stepTitle)}\n`);
    step = row.step;
    context.stdout.write(
      isLost ? `  stays ${printable(row.title)} (cannot be undone)\n` : `  undo  ${printable(row.title)}\n`,
    );
  }
}

interface Undone {
  readonly rows: readonly UndoneRow[];
  readonly problems: readonly string[];
}

/**
 * One after the other; a step that fails does not keep the ones before it from being undone. It is tried once more when
 * they are: what it needs may be what an older one took.
 */
async function undoSteps(runner: Runner, steps: readonly string[]): Promise<Undone> {
  const first = await undoEach(runner, steps);
  const again = steps.filter((id) =>
    runner
      .view()
      .incident.steps.some((step) => step.id === id && step.status !== 'undone' && undoable(step).length > 0),
  );
  if (again.length === 0 || again.length === steps.length) return first;
  const second = await undoEach(runner, again);
  const isAgain = (row: UndoneRow) => second.rows.some((other) => other.operation === row.operation);
  return { rows: [...first.rows.filter((row) => !isAgain(row)), ...second.rows], problems: second.problems };
}

async function undoEach(runner: Runner, steps: readonly string[]): Promise<Undone> {
  const rows: UndoneRow[] = [];
  const problems: string[] = [];
  for (const stepId of steps) {
    const answer = await runner.send({ kind: 'undo-step', stepId });
    await runner.whenIdle();
    const step = runner.view().incident.steps.find((candidate) => candidate.id === stepId);
    for (const state of step?.operations.toReversed() ?? [])
      if (step !== undefined && (state.status === 'undone' || state.status === 'undo-failed'))
        rows.push(rowOf(step, state, state.status));
    if (!answer.ok || step?.status !== 'undone')
      problems.push(answer.ok ? (step?.reason ?? stepId) : answer.reason);
    if (step?.status === 'failed') await runner.send({ kind: 'accept-failure', stepId });
  }
  return { rows, problems };
}

async function agreed(context: CliContext): Promise<boolean> {
  if (!context.stdin.isTTY) {
    context.stderr.write('tourniquet: nobody there to say yes; --yes undoes it without asking\n');
    return false;
  }
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: context.stdin, output: context.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question('Take these back, newest first? (yes/no) ')).trim());
  } finally {
    prompt.close();
  }
}
