import type { JsonValue } from '../playbook/playbook.ts';
import type { OutputRef } from './event.ts';

/** What a front asks of the runner, in the imperative. `engine/why-not.ts` says whether it can be had now. */
export type Command =
  | {
      readonly kind: 'approve-plan';
      readonly stepId: string;
      readonly planHash: string;
      readonly how: 'key' | 'word' | 'line' | 'unattended';
    }
  | { readonly kind: 'choose-findings'; readonly stepId: string; readonly findingIds: readonly string[] }
  | { readonly kind: 'give-inputs'; readonly values: Readonly<Record<string, JsonValue>> }
  /** Make another step the one in hand (to run it out of turn, again, or after it was undone). */
  | { readonly kind: 'open-step'; readonly stepId: string }
  /** Look and plan again. */
  | { readonly kind: 'look-again'; readonly stepId: string }
  | { readonly kind: 'skip-step'; readonly stepId: string; readonly reason: string }
  | { readonly kind: 'do-by-hand'; readonly stepId: string; readonly record: string }
  /** After a failure: leave the step failed and go on. */
  | { readonly kind: 'accept-failure'; readonly stepId: string }
  | { readonly kind: 'undo-step'; readonly stepId: string }
  | {
      readonly kind: 'confirm-operation';
      readonly operationId: string;
      readonly how: 'responder' | 'two-sided-test';
    }
  | { readonly kind: 'answer-recovery'; readonly operationId: string; readonly didHappen: boolean }
  /** An item of the step's checklist; at any time, since what is done elsewhere has its own time. */
  | {
      readonly kind: 'tick-item';
      readonly stepId: string;
      readonly itemId: string;
      readonly isDone: boolean;
      readonly note: string;
    }
  /** The finding is the responder's own: it is not blamed from here on, as long as it stays what it is. */
  | {
      readonly kind: 'declare-ours';
      readonly stepId: string;
      readonly findingId: string;
      readonly reason: string;
    }
  | { readonly kind: 'take-back-declaration'; readonly declarationId: string; readonly reason: string }
  | { readonly kind: 'add-note'; readonly stepId: string | null; readonly text: string }
  /** The responder is about to be given a shell on the host, of which a recording is made. */
  | { readonly kind: 'open-shell'; readonly stepId: string | null; readonly argv: readonly string[] }
  | {
      readonly kind: 'close-shell';
      readonly shellId: string;
      readonly exitCode: number | null;
      readonly tookMs: number;
      readonly recording: OutputRef | null;
    }
  /** Stop the operation or look that is running, as soon as it can be stopped cleanly. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'close-incident'; readonly reason: string };

export type CommandResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };
