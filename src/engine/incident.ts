import type { Declaration } from '../findings/allow.ts';
import type { Finding } from '../findings/finding.ts';
import type { ScanUnknown } from '../findings/scan.ts';
import type { Operation } from '../operations/operation.ts';
import type { EvidenceFile, Receipt, Verification } from '../operations/receipt.ts';
import type { JsonValue, Playbook, Step } from '../playbook/playbook.ts';
import type { GivenIndicators, GivenRules, HostSummary, OutputRef, Session, StepPlan } from './event.ts';

/** One run of one playbook on one host, as folded from its journal. Never changed in place. */
export interface Incident {
  readonly id: string;
  readonly playbook: Playbook;
  readonly playbookSha256: string;
  readonly host: HostSummary;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** The runner at work, null when none is (as far as the journal knows). */
  readonly session: Session | null;
  readonly sessions: number;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** Secret inputs that this session has been given; they are in its memory only. */
  readonly secretsGiven: readonly string[];
  readonly steps: readonly StepState[];
  /** The step in hand; null when all are finished. */
  readonly currentStepId: string | null;
  /** Being undone, newest first; null when nothing is. */
  readonly undo: { readonly stepId: string; readonly pending: readonly string[] } | null;
  readonly notes: readonly Note[];
  /** The responder's own files that every look uses beside the shipped ones. */
  readonly knowledge: {
    readonly indicators: readonly GivenIndicators[];
    readonly rules: readonly GivenRules[];
  };
  /** What was declared to be the responder's own and was not taken back. */
  readonly declarations: readonly Declaration[];
  /** Recorded shells, oldest first. */
  readonly shells: readonly ShellState[];
  /** Number of the last record folded in. */
  readonly seq: number;
  readonly lastAt: string;
}

/** A shell that the responder was given, and what it left. */
export interface ShellState {
  /** `shell-1`, `shell-2`, … */
  readonly id: string;
  readonly stepId: string | null;
  readonly openedAt: string;
  /** A new runner finds none open: with the line, its shell was lost. */
  readonly isOpen: boolean;
  readonly exitCode: number | null;
  readonly recording: OutputRef | null;
}

/**
 * - `todo`: not begun, or looked at and planned and waiting for approval
 * - `running`: approved, operations under way
 * - `unknown`: cut off; nobody knows yet whether its running operation happened
 * - `reopened`: was finished, and what it dealt with came back
 */
export type StepStatus =
  | 'todo'
  | 'running'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'by-hand'
  | 'unknown'
  | 'undone'
  | 'reopened';

export interface StepState {
  readonly id: string;
  readonly definition: Step;
  readonly status: StepStatus;
  /** The latest look's findings that concern this step, worst first; null before the first look. */
  readonly findings: readonly Finding[] | null;
  readonly unknowns: readonly ScanUnknown[];
  /** Ids of the findings to be dealt with. */
  readonly chosen: readonly string[];
  readonly plan: StepPlan | null;
  readonly plansMade: number;
  readonly isApproved: boolean;
  /** Every operation that was ever begun or refused in this step, in order, plus the approved plan's that are to come. */
  readonly operations: readonly OperationState[];
  readonly summary: string | null;
  /** Why it was skipped, failed, opened again, or what was recorded by hand. */
  readonly reason: string | null;
  /** A failure that the responder chose to leave behind. */
  readonly isFailureAccepted: boolean;
  /** What the responder has ticked off, by the item's id; it outlasts another look. */
  readonly ticks: Readonly<Record<string, Tick>>;
  readonly watch: {
    readonly startedAt: string;
    readonly looks: number;
    readonly returned: number;
    readonly isFinished: boolean;
  } | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export type OperationStatus =
  | 'to-do'
  | 'running'
  | 'attached'
  | 'done'
  | 'failed'
  | 'refused'
  | 'unknown'
  | 'not-done'
  | 'undoing'
  | 'undone'
  | 'undo-failed';

export interface OperationState {
  readonly operation: Operation;
  readonly status: OperationStatus;
  /** How often it was started; retries and attaching count. */
  readonly attempts: number;
  readonly receipt: Receipt | null;
  readonly evidence: readonly EvidenceFile[];
  readonly verification: Verification | null;
  /** The outcome's or refusal's line. */
  readonly message: string | null;
  readonly refusalCode: string | null;
  readonly exitCode: number | null;
  /** Milliseconds since the epoch; null when there is nothing to confirm or it has been. */
  readonly confirmBefore: number | null;
  readonly isConfirmed: boolean;
  readonly output: OutputRef | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** An item of a step's checklist, and who said when that it is done (or not, after all). */
export interface Tick {
  readonly title: string;
  readonly isDone: boolean;
  readonly note: string;
  readonly at: string;
  readonly by: string;
}

export interface Note {
  readonly stepId: string | null;
  readonly text: string;
  readonly at: string;
  readonly by: string;
}
