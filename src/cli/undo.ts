import { undoable } from '../engine/why-not.ts';
import { findIncidentFolder } from '../journal/folder.ts';
import { describeOperation } from '../operations/describe.ts';
import type { Runner } from '../runner/runner.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { resumeFolder } from './resume.ts';

export interface UndoOptions {
  /** Do not ask. */
  readonly yes?: boolean;
}

/** `tourniquet undo INCIDENT [STEP]`: newest first; what cannot be undone is named before and after. */
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
    if (steps.length === 0) {
      context.stdout.write('Nothing in it can be undone.\n');
      return EXIT.done;
    }
    say(context, runner, steps);
    if (!options.yes && !(await agreed(context))) {
      context.stdout.write('Nothing was undone.\n');
      return EXIT.needsSomebody;
    }
    return await undoSteps(context, runner, steps);
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

function say(context: CliContext, runner: Runner, steps: readonly string[]): void {
  const { incident } = runner.view();
  for (const id of steps) {
    const step = incident.steps.find((candidate) => candidate.id === id);
    if (step === undefined) continue;
    context.stdout.write(`${printable(step.definition.title)}\n`);
    for (const state of undoable(step))
      context.stdout.write(`  undo  ${printable(describeOperation(state.operation).title)}\n`);
  }
  const lost = incident.steps
    .flatMap((step) => step.operations)
    .filter((state) => state.status === 'done' && describeOperation(state.operation).risk === 'irreversible');
  for (const state of lost)
    context.stdout.write(
      `  stays ${printable(describeOperation(state.operation).title)} (cannot be undone)\n`,
    );
}

async function undoSteps(context: CliContext, runner: Runner, steps: readonly string[]): Promise<ExitCode> {
  let failures = 0;
  for (const stepId of steps) {
    const answer = await runner.send({ kind: 'undo-step', stepId });
    await runner.whenIdle();
    const step = runner.view().incident.steps.find((candidate) => candidate.id === stepId);
    for (const state of step?.operations.toReversed() ?? []) {
      if (state.status !== 'undone' && state.status !== 'undo-failed') continue;
      const word = state.status === 'undone' ? 'undone' : 'NOT undone';
      context.stdout.write(
        printable(`${word}  ${describeOperation(state.operation).title}: ${state.message ?? ''}`),
      );
      context.stdout.write('\n');
    }
    if (!answer.ok || step?.status !== 'undone') {
      failures += 1;
      context.stderr.write(
        `tourniquet: ${printable(answer.ok ? (step?.reason ?? stepId) : answer.reason)}\n`,
      );
    }
    if (step?.status === 'failed') await runner.send({ kind: 'accept-failure', stepId });
  }
  return failures === 0 ? EXIT.done : EXIT.unfinished;
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
