import { z } from 'zod';
import type { OperationKind } from '../../operations/operation.ts';
import type { Receipt } from '../../operations/receipt.ts';

/**
 * A receipt's own fields, checked: it comes back from a journal that another version may have written.
 * Throws if they are not what this kind writes, which is a bug or a damaged journal, never a host's doing.
 */
export function readReceipt<T extends z.ZodObject>(
  kind: OperationKind,
  fields: T,
  receipt: Receipt,
): z.infer<T> {
  if (receipt.kind !== kind) throw new Error(`A receipt of ${receipt.kind} was given to ${kind}.`);
  const read = fields.safeParse(receipt);
  if (!read.success) throw new Error(`The receipt of ${kind} cannot be read: ${z.prettifyError(read.error)}`);
  return read.data;
}
