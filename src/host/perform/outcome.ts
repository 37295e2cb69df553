import type {
  EvidenceFile,
  OperationOutcome,
  Prepared,
  Receipt,
  Refusal,
  Verification,
} from '../../operations/receipt.ts';
import { systemErrorText } from '../../text/system-error-text.ts';

export function ready(receipt: Receipt, evidence: readonly EvidenceFile[] = []): Prepared {
  return { status: 'ready', receipt, evidence };
}

export function refused(code: Refusal['code'], message: string): Prepared {
  return { status: 'refused', refusal: { code, message } };
}

export function done(receipt: Receipt, message: string, more: OutcomeDetails = {}): OperationOutcome {
  return outcome('done', receipt, message, more);
}

export function failed(receipt: Receipt, message: string, more: OutcomeDetails = {}): OperationOutcome {
  return outcome('failed', receipt, message, more);
}

export function verified(status: Verification['status'], detail: string): Verification {
  return { status, detail };
}

/** The code of a failed system call, e.g. `EPERM`; the message if it is none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error)
    return 'code' in error && typeof error.code === 'string' ? systemErrorText(error.code) : error.message;
  return String(error);
}

/** `1 line`, `2 lines` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

interface OutcomeDetails {
  readonly evidence?: readonly EvidenceFile[];
  readonly exitCode?: number | null;
}

function outcome(
  status: OperationOutcome['status'],
  receipt: Receipt,
  message: string,
  more: OutcomeDetails,
): OperationOutcome {
  return {
    status,
    receipt,
    message,
    evidence: more.evidence ?? [],
    exitCode: more.exitCode ?? null,
    confirmBefore: null,
  };
}
