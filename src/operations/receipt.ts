import type { OperationKind } from './operation.ts';

/**
 * What is known of an operation's target before and after, enough to check the change and to undo it.
 * Written to the journal *before* the change (see Host.prepare), so that a runner that dies in between can
 * still be followed by one that knows how to judge and to undo what was begun.
 * The contents are the business of the operation's own file in host/perform/: JSON, no secrets.
 */
export interface Receipt {
  readonly kind: OperationKind;
  readonly [detail: string]: ReceiptValue;
}
export type ReceiptValue =
  | string
  | number
  | boolean
  | null
  | readonly ReceiptValue[]
  | { readonly [key: string]: ReceiptValue };

/** Something kept in the incident's evidence folder. */
export interface EvidenceFile {
  /** Relative to the incident's evidence folder. */
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Where on the host it came from. */
  readonly source: string;
}

/** Why an operation was not begun. `message` is for the responder and says what to do next. */
export interface Refusal {
  readonly code: /** The target is no longer what was planned against. */
    | 'stale'
    /** It would hit the responder's own connection, account, key or processes, or the runner. */
    | 'responder'
    /** A tool, right or kernel feature is missing. */
    | 'unavailable'
    /** Evidence would not fit or could not be read. */
    | 'evidence'
    | 'invalid';
  readonly message: string;
}

export type Prepared =
  | { readonly status: 'ready'; readonly receipt: Receipt; readonly evidence: readonly EvidenceFile[] }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/** What performing or undoing came to. A failure is data, not an exception. */
export interface OperationOutcome {
  readonly status: 'done' | 'failed';
  /** The prepared receipt, completed. */
  readonly receipt: Receipt;
  readonly evidence: readonly EvidenceFile[];
  /** One line for the responder: what was done, or what went wrong and what it means. */
  readonly message: string;
  /** For commands: the exit code; null where there was none. */
  readonly exitCode: number | null;
  /** Set when the change undoes itself unless confirmed: milliseconds since the epoch. */
  readonly confirmBefore: number | null;
}

/**
 * Whether the change is in force now. `unknown` when it cannot be told; never guessed.
 * `in-progress`: a long command that outlived its runner is still at it; performing again attaches to it.
 */
export interface Verification {
  readonly status: 'holds' | 'does-not-hold' | 'in-progress' | 'unknown';
  readonly detail: string;
  /** Of a long command: it has come to its end, and performing again tells its output and exit code without starting it. */
  readonly hasEnded?: boolean;
}
