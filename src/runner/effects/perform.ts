import type { Operation } from '../../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../../operations/receipt.ts';
import { maskText } from '../../text/mask-secrets.ts';
import { operationOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';
import { evidenceBytes, whyNoRoom } from './evidence-room.ts';
import { openWork, secretsFor } from './operation-work.ts';

/** Prepare (evidence, identity), journal, perform, journal. The order is the product's promise: see journal/FORMAT.md. */
export async function perform(bench: Workbench, stepId: string, operation: Operation): Promise<void> {
  const operationId = operation.id;
  bench.begin('preparing', stepId, operationId);
  const work = openWork(bench, stepId, operation);
  const noRoom = await roomRefusal(bench, operation, null);
  let prepared: Prepared = noRoom ?? (await bench.host.prepare(operation, work.context));
  if (prepared.status === 'ready') {
    prepared = (await roomRefusal(bench, operation, prepared.receipt)) ?? prepared;
  }
  if (prepared.status === 'refused') {
    await work.finish();
    if (wasLetGo(bench)) return;
    const { refusal } = prepared;
    await bench.record({ kind: 'operation-refused', stepId, operationId, refusal });
    return;
  }
  const { receipt, evidence } = prepared;
  await bench.record({ kind: 'operation-started', stepId, operationId, receipt, evidence });
  bench.begin('performing', stepId, operationId);
  const outcome = clean(bench, await bench.host.perform(operation, receipt, work.context));
  const output = await work.finish();
  // Whoever has the incident next asks the host how far it came.
  if (outcome.status !== 'done' && wasLetGo(bench)) return;
  await bench.record({ kind: 'operation-finished', stepId, operationId, outcome, output });
}

/** Cut short because the runner goes, not because it did not work: that must not stand in the journal as a failure. */
function wasLetGo(bench: Workbench): boolean {
  return bench.isLeaving() && bench.signal().aborted;
}

async function roomRefusal(bench: Workbench, operation: Operation, receipt: Receipt | null) {
  const needed = evidenceBytes(operation, receipt);
  const refusal = needed === null ? null : await whyNoRoom(bench.folder.evidence, needed);
  return refusal === null ? null : ({ status: 'refused', refusal } as const);
}

/** Goes on listening to a command that outlived its runner. Its output is taken again from the beginning. */
export async function attach(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<void> {
  bench.begin('performing', stepId, operation.id);
  const work = openWork(bench, stepId, operation, true);
  const outcome = clean(bench, await bench.host.perform(operation, receipt, work.context));
  const output = await work.finish();
  await bench.record({ kind: 'operation-finished', stepId, operationId: operation.id, outcome, output });
}

export async function verify(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<void> {
  bench.begin('verifying', stepId, operation.id);
  const { status, detail } = await ask(bench, stepId, operation, receipt);
  const verification = { status, detail };
  await bench.record({ kind: 'operation-verified', stepId, operationId: operation.id, verification });
}

/** Whether it holds. The step's own check gets the same secrets as its command, and may print them. */
async function ask(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<Verification> {
  const secrets = secretsFor(bench, stepId, operation);
  const answer = await bench.host.verify(operation, receipt, secrets);
  return { ...answer, detail: maskText(answer.detail, bench.secrets.values()) };
}

/** It was started and nobody saw its end: the host is asked whether it happened. */
export async function recover(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<void> {
  bench.begin('recovering', stepId, operation.id);
  const answer = TAKES_EVIDENCE.has(operation.kind)
    ? TAKEN_AGAIN
    : await ask(bench, stepId, operation, receipt);
  // It went on by itself while nobody listened. How it ended, and all that it printed, is still to be had.
  const { status, detail } = answer.hasEnded ? ENDED_UNHEARD : answer;
  const told = status === 'holds' ? await readAnew(bench, stepId, operation) : '';
  const verification = { status, detail: `${detail}${told}` };
  await bench.record({
    kind: 'operation-recovered',
    stepId,
    operationId: operation.id,
    verification,
    by: 'host',
  });
}

/** It may have been cut off after the file was changed and before what goes by the file was told. */
async function readAnew(bench: Workbench, stepId: string, operation: Operation): Promise<string> {
  const work = openWork(bench, stepId, operation);
  const told = await bench.host.readAnew?.(operation, work.context);
  await work.finish();
  return told === undefined || told === '' ? '' : ` Done once more, since it may not have been: ${told}.`;
}

const ENDED_UNHEARD: Verification = {
  status: 'in-progress',
  detail: 'it went on and ended while nobody was listening; its output and its end are taken now',
};

/** What they took is only vouched for once its list is in the journal; taking it again changes nothing. */
const TAKES_EVIDENCE: ReadonlySet<Operation['kind']> = new Set(['collect-process', 'archive-files']);
const TAKEN_AGAIN: Verification = {
  status: 'does-not-hold',
  detail: 'it was cut off before what it took was recorded; it is taken again',
};

/** Takes one operation back, and sees that it is. */
export async function undo(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<void> {
  const operationId = operation.id;
  const wasBegun = operationOf(bench.incident(), stepId, operationId).status === 'undoing';
  bench.begin('undoing', stepId, operationId);
  if (wasBegun) {
    // Cut off while it was being undone: done twice it could take back what somebody did since.
    const now = await ask(bench, stepId, operation, receipt);
    if (now.status === 'does-not-hold') {
      const told = await readAnew(bench, stepId, operation);
      const message = `had been taken back before the runner was cut off${told === '' ? '' : `.${told}`}`;
      const outcome = { ...UNDONE, receipt, message };
      await bench.record({ kind: 'operation-undone', stepId, operationId, outcome });
      return;
    }
  } else {
    await bench.record({ kind: 'undo-started', stepId, operationId });
  }
  const work = openWork(bench, stepId, operation);
  const outcome = clean(bench, await bench.host.undo(operation, receipt, work.context));
  await work.finish();
  await bench.record({ kind: 'operation-undone', stepId, operationId, outcome });
}

const UNDONE: Omit<OperationOutcome, 'receipt' | 'message'> = {
  status: 'done',
  evidence: [],
  exitCode: null,
  confirmBefore: null,
};

/** A command's own words may hold what it was given in secret. */
function clean(bench: Workbench, outcome: OperationOutcome): OperationOutcome {
  return { ...outcome, message: maskText(outcome.message, bench.secrets.values()) };
}
