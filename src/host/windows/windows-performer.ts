import type { OperationKind, OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../../operations/receipt.ts';
import type { ConfirmedBy, HostFacts, OperationContext } from '../host.ts';
import type { PowerShellSession } from './powershell-session.ts';

/** How one kind of operation is done on a Windows host; the contract is that of host/perform/performer.ts. */
export interface WindowsPerformer<K extends OperationKind> {
  prepare(operation: OperationOf<K>, context: WindowsContext): Promise<Prepared>;
  perform(operation: OperationOf<K>, receipt: Receipt, context: WindowsContext): Promise<OperationOutcome>;
  verify(operation: OperationOf<K>, receipt: Receipt, session: PowerShellSession): Promise<Verification>;
  undo(operation: OperationOf<K>, receipt: Receipt, context: WindowsContext): Promise<OperationOutcome>;
  confirm?(
    operation: OperationOf<K>,
    receipt: Receipt,
    session: PowerShellSession,
    how: ConfirmedBy,
  ): Promise<Verification>;
}

export interface WindowsContext extends OperationContext {
  readonly facts: HostFacts;
  readonly session: PowerShellSession;
  /** Of this incident, for SYSTEM and administrators alone. */
  readonly folder: string;
}
