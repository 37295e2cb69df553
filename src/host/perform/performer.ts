import type { OperationKind, OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../../operations/receipt.ts';
import type { ConfirmedBy, HostFacts, OperationContext, Secrets } from '../host.ts';

/** How one kind of operation is done on a Linux host: one file each beside this one, one line each in registry.ts. */
export interface OperationPerformer<K extends OperationKind> {
  /** Reads only. Refuses a stale or protected target; takes the evidence; says what undo will need. */
  prepare(operation: OperationOf<K>, context: PerformContext): Promise<Prepared>;
  perform(operation: OperationOf<K>, receipt: Receipt, context: PerformContext): Promise<OperationOutcome>;
  /** Must be able to judge from the *prepared* receipt alone whether the change happened. Reads only. */
  verify(operation: OperationOf<K>, receipt: Receipt, secrets?: Secrets): Promise<Verification>;
  /** A kind that cannot be undone returns `failed` with a message that says so. */
  undo(operation: OperationOf<K>, receipt: Receipt, context: PerformContext): Promise<OperationOutcome>;
  confirm?(operation: OperationOf<K>, receipt: Receipt, how: ConfirmedBy): Promise<Verification>;
}

export interface PerformContext extends OperationContext {
  readonly facts: HostFacts;
  /** Root-only folder of this incident on the host (0700), `/var/lib/tourniquet/host/<incident>` or the user's state folder. */
  readonly hostFolder: string;
  /** Runs a deed unless the runner was replaced (fence.ts). Around all of `perform` and `undo`, but for long commands: they put their start in it. */
  whileFenced<T>(deed: () => Promise<T>): Promise<T>;
}
