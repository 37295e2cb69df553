import type { ScanScope } from '../findings/scan.ts';
import type { Operation } from '../operations/operation.ts';
import type { Receipt } from '../operations/receipt.ts';
import type { Risk } from '../operations/risk.ts';
import type { Event } from './event.ts';

/** What is to be done next, in the imperative; the runner does it and journals what came of it. */
export type Effect =
  | { readonly kind: 'look'; readonly stepId: string }
  | { readonly kind: 'plan'; readonly stepId: string }
  | { readonly kind: 'perform'; readonly stepId: string; readonly operation: Operation }
  /** A command that outlived its runner: go on listening to it. */
  | {
      readonly kind: 'attach';
      readonly stepId: string;
      readonly operation: Operation;
      readonly receipt: Receipt;
    }
  | {
      readonly kind: 'verify';
      readonly stepId: string;
      readonly operation: Operation;
      readonly receipt: Receipt;
    }
  /** It was started and has no end: did it happen? */
  | {
      readonly kind: 'recover';
      readonly stepId: string;
      readonly operation: Operation;
      readonly receipt: Receipt;
    }
  | {
      readonly kind: 'undo';
      readonly stepId: string;
      readonly operation: Operation;
      readonly receipt: Receipt;
    }
  | WatchEffect
  /** Nothing to do but to write it down. */
  | { readonly kind: 'record'; readonly event: Event }
  /** Wait for the responder. */
  | { readonly kind: 'ask'; readonly question: Question };

/** Look every `everyMs` until `forMs` after `startedAt` (ISO 8601), and say what came back. */
export interface WatchEffect {
  readonly kind: 'watch';
  readonly stepId: string;
  readonly startedAt: string;
  readonly forMs: number;
  readonly everyMs: number;
  readonly scopes: readonly ScanScope[];
}

/** What the responder is asked. A front answers with a Command. */
export type Question =
  | { readonly kind: 'inputs'; readonly names: readonly string[] }
  /** `word` must be typed when it cannot be undone; null: a key is enough. */
  | {
      readonly kind: 'approval';
      readonly stepId: string;
      readonly planHash: string;
      readonly risk: Risk;
      readonly word: string | null;
    }
  | { readonly kind: 'manual'; readonly stepId: string }
  | {
      readonly kind: 'confirmation';
      readonly stepId: string;
      readonly operationId: string;
      readonly beforeMs: number;
    }
  | {
      readonly kind: 'recovery';
      readonly stepId: string;
      readonly operationId: string;
      readonly detail: string;
    }
  | { readonly kind: 'failure'; readonly stepId: string; readonly reason: string }
  /** Every step is finished: close, or go back to one. */
  | { readonly kind: 'all-finished'; readonly unfinished: readonly string[] };
