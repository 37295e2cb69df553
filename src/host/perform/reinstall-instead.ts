import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import type {
  EvidenceFile,
  OperationOutcome,
  Prepared,
  Receipt,
  Verification,
} from '../../operations/receipt.ts';
import { count, done, failed, ready, verified } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { quarantineFile } from './quarantine-file.ts';

/** What reinstall-package does where the package cannot be had: each file goes into quarantine, and that is said. */
export const insteadFields = z.object({
  why: z.string(),
  /** Checked by quarantine-file, which reads them. */
  receipts: z.array(z.custom<Receipt>((value) => typeof value === 'object' && value !== null)),
});
type Instead = z.infer<typeof insteadFields>;
type Reinstall = OperationOf<'reinstall-package'>;

export async function prepareInstead(
  operation: Reinstall,
  why: string,
  context: PerformContext,
): Promise<Prepared> {
  const receipts: Receipt[] = [];
  const evidence: EvidenceFile[] = [];
  for (const part of partsOf(operation)) {
    const prepared = await quarantineFile.prepare(part, context);
    if (prepared.status === 'refused') return prepared;
    receipts.push(prepared.receipt);
    evidence.push(...prepared.evidence);
  }
  return ready({ kind: 'reinstall-package', instead: { why, receipts } }, evidence);
}

export async function performInstead(
  operation: Reinstall,
  receipt: Receipt,
  instead: Instead,
  context: PerformContext,
): Promise<OperationOutcome> {
  const receipts: Receipt[] = [...instead.receipts];
  const finished = () => ({ ...receipt, instead: { why: instead.why, receipts } });
  for (const [index, part] of partsOf(operation).entries()) {
    const before = receipts[index];
    if (before === undefined) continue;
    const outcome = await quarantineFile.perform(part, before, context);
    receipts[index] = outcome.receipt;
    if (outcome.status === 'failed') return failed(finished(), outcome.message);
  }
  return done(
    finished(),
    `The package ${operation.package} could not be had: ${instead.why}. So ${count(receipts.length, 'file')} of it went into quarantine instead; install the package again once it can be had.`,
  );
}

export async function verifyInstead(operation: Reinstall, instead: Instead): Promise<Verification> {
  const details: string[] = [];
  for (const [index, part] of partsOf(operation).entries()) {
    const receipt = instead.receipts[index];
    if (receipt === undefined) continue;
    const seen = await quarantineFile.verify(part, receipt);
    if (seen.status !== 'holds') return seen;
    details.push(seen.detail);
  }
  return verified('holds', details.join(' '));
}

export async function undoInstead(
  operation: Reinstall,
  receipt: Receipt,
  instead: Instead,
  context: PerformContext,
): Promise<OperationOutcome> {
  const problems: string[] = [];
  for (const [index, part] of [...partsOf(operation).entries()].reverse()) {
    const before = instead.receipts[index];
    if (before === undefined) continue;
    const outcome = await quarantineFile.undo(part, before, context);
    if (outcome.status === 'failed') problems.push(outcome.message);
  }
  return problems.length === 0
    ? done(receipt, `${count(instead.receipts.length, 'file')} of ${operation.package} put back as found.`)
    : failed(receipt, problems.join(' '));
}

function partsOf({ id, because, files }: Reinstall): OperationOf<'quarantine-file'>[] {
  return files.map((file, index) => ({ kind: 'quarantine-file', id: `${id}.${index + 1}`, because, file }));
}
