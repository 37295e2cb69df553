import type { OutputRef } from '../../engine/event.ts';
import type { OperationContext } from '../../host/host.ts';
import { type StoredFile, storeFile } from '../../journal/stored-file.ts';
import type { Operation } from '../../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../../operations/receipt.ts';
import { operationOf, stepOf } from '../lookup.ts';
import { maskSecrets, maskText } from '../mask-secrets.ts';
import type { Workbench } from '../workbench.ts';
import { evidenceBytes, whyNoRoom } from './evidence-room.ts';
import { secretEnvironment } from './resolve-command.ts';

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
    const { refusal } = prepared;
    await bench.record({ kind: 'operation-refused', stepId, operationId, refusal });
    return;
  }
  const { receipt, evidence } = prepared;
  await bench.record({ kind: 'operation-started', stepId, operationId, receipt, evidence });
  bench.begin('performing', stepId, operationId);
  const outcome = clean(bench, await bench.host.perform(operation, receipt, work.context));
  await bench.record({
    kind: 'operation-finished',
    stepId,
    operationId,
    outcome,
    output: await work.finish(),
  });
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
  const { status, detail } = await bench.host.verify(operation, receipt);
  const verification = { status, detail: maskText(detail, bench.secrets.values()) };
  await bench.record({ kind: 'operation-verified', stepId, operationId: operation.id, verification });
}

/** It was started and nobody saw its end: the host is asked whether it happened. */
export async function recover(
  bench: Workbench,
  stepId: string,
  operation: Operation,
  receipt: Receipt,
): Promise<void> {
  bench.begin('recovering', stepId, operation.id);
  const verification = TAKES_EVIDENCE.has(operation.kind)
    ? TAKEN_AGAIN
    : await bench.host.verify(operation, receipt);
  await bench.record({
    kind: 'operation-recovered',
    stepId,
    operationId: operation.id,
    verification,
    by: 'host',
  });
}

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
    const now = await bench.host.verify(operation, receipt);
    if (now.status === 'does-not-hold') {
      const outcome = { ...UNDONE, receipt, message: 'had been taken back before the runner was cut off' };
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

const WITHHELD =
  'Not kept here: the command was given a secret that is not known any more, so it could not be taken out.\nWhat it put out is on the host, in the folder that its receipt names.\n';

/** Where output and evidence of an operation go. The output file is made with the first byte. */
function openWork(bench: Workbench, stepId: string, operation: Operation, isAttached = false) {
  const { id } = operation;
  const incident = bench.incident();
  let file: Promise<StoredFile> | null = null;
  let failure: Error | null = null;
  const name = `${id}.log`;
  const secrets =
    operation.kind === 'run-command'
      ? secretEnvironment(stepOf(incident, stepId).definition, incident, bench.secrets)
      : {};
  // A command that was given a secret by a runner before this one, which nobody has typed again.
  const isBlind = isAttached && Object.values(secrets).includes('');
  const masks = { stdout: maskSecrets(bench.secrets.values()), stderr: maskSecrets(bench.secrets.values()) };
  const keep = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    file ??= storeFile(bench.folder.output, name);
    file
      .then((stored) => stored.write(bytes))
      .catch((error: Error) => {
        failure ??= error;
      });
    bench.output(bytes);
  };
  const context: OperationContext = {
    incidentId: incident.id,
    secrets,
    signal: bench.signal(),
    onProgress: (progress) => bench.update({ progress }),
    onOutput: (stream, bytes) => {
      if (!isBlind) keep(masks[stream].push(bytes));
    },
    evidence: {
      async open(part, source) {
        const stored = await storeFile(bench.folder.evidence, `${id}/${part}`);
        return {
          write: (bytes) => stored.write(bytes),
          close: async () => ({ name: `${id}/${part}`, source, ...(await stored.close()) }),
        };
      },
    },
  };
  return {
    context,
    async finish(): Promise<OutputRef | null> {
      if (isBlind) keep(Buffer.from(WITHHELD));
      for (const mask of Object.values(masks)) keep(mask.end());
      if (file === null) return null;
      const summary = await (await file).close();
      if (failure) throw failure;
      return { name, ...summary };
    },
  };
}
