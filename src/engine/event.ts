import type { AllowEntry } from '../findings/allow.ts';
import type { Finding } from '../findings/finding.ts';
import type { IndicatorSet } from '../findings/indicator.ts';
import type { ScanOutcome, ScanScope } from '../findings/scan.ts';
import type { Operation } from '../operations/operation.ts';
import type {
  EvidenceFile,
  OperationOutcome,
  Receipt,
  Refusal,
  Verification,
} from '../operations/receipt.ts';
import type { Risk } from '../operations/risk.ts';
import type { JsonValue, Playbook } from '../playbook/playbook.ts';

/**
 * What happened, in the past tense: the only thing that changes an incident. A journal line is an event with
 * its number, time and author. Adding a kind is adding it here, to `reduce`, and to test/journals/.
 */
export type Event =
  | IncidentOpened
  | { readonly kind: 'runner-attached'; readonly session: Session }
  | { readonly kind: 'runner-detached'; readonly reason: string }
  /** From somebody who was alive and at it; the last record of theirs stands before. */
  | {
      readonly kind: 'taken-over';
      readonly from: { readonly responder: string; readonly pid: number; readonly hostname: string };
      readonly reason: string;
      /** They did not let go when asked: what they had in hand may have ended after it. */
      readonly wasForced: boolean;
    }
  | { readonly kind: 'journal-recovered'; readonly droppedBytes: number; readonly detail: string }
  | {
      readonly kind: 'inputs-given';
      readonly values: Readonly<Record<string, JsonValue>>;
      readonly secretNames: readonly string[];
    }
  | { readonly kind: 'step-opened'; readonly stepId: string }
  | {
      readonly kind: 'step-looked';
      readonly stepId: string;
      readonly outcome: ScanOutcome;
      readonly chosen: readonly string[];
    }
  | { readonly kind: 'findings-chosen'; readonly stepId: string; readonly findingIds: readonly string[] }
  | { readonly kind: 'plan-made'; readonly stepId: string; readonly plan: StepPlan }
  | { readonly kind: 'plan-withdrawn'; readonly stepId: string; readonly reason: string }
  | {
      readonly kind: 'plan-approved';
      readonly stepId: string;
      readonly planHash: string;
      readonly how: 'key' | 'word' | 'line' | 'unattended';
    }
  | {
      readonly kind: 'operation-refused';
      readonly stepId: string;
      readonly operationId: string;
      readonly refusal: Refusal;
    }
  | {
      readonly kind: 'operation-started';
      readonly stepId: string;
      readonly operationId: string;
      readonly receipt: Receipt;
      readonly evidence: readonly EvidenceFile[];
    }
  | {
      readonly kind: 'operation-finished';
      readonly stepId: string;
      readonly operationId: string;
      readonly outcome: OperationOutcome;
      readonly output: OutputRef | null;
    }
  | {
      readonly kind: 'operation-verified';
      readonly stepId: string;
      readonly operationId: string;
      readonly verification: Verification;
    }
  | {
      readonly kind: 'operation-confirmed';
      readonly stepId: string;
      readonly operationId: string;
      readonly how: 'responder' | 'two-sided-test';
      readonly verification: Verification;
    }
  | {
      readonly kind: 'operation-recovered';
      readonly stepId: string;
      readonly operationId: string;
      readonly verification: Verification;
      readonly by: 'host' | 'responder';
    }
  | {
      readonly kind: 'undo-requested';
      readonly stepId: string;
      readonly operationIds: readonly string[];
      readonly cannotUndo: readonly string[];
    }
  | { readonly kind: 'undo-started'; readonly stepId: string; readonly operationId: string }
  | {
      readonly kind: 'operation-undone';
      readonly stepId: string;
      readonly operationId: string;
      readonly outcome: OperationOutcome;
    }
  | { readonly kind: 'step-undone'; readonly stepId: string }
  | {
      readonly kind: 'watch-looked';
      readonly stepId: string;
      readonly returned: readonly Finding[];
      readonly tookMs: number;
    }
  | {
      readonly kind: 'watch-finished';
      readonly stepId: string;
      readonly looks: number;
      readonly returned: number;
      /** Packets to blocked addresses that were dropped meanwhile, by address. */
      readonly dropped?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'step-finished'; readonly stepId: string; readonly summary: string }
  | { readonly kind: 'step-failed'; readonly stepId: string; readonly reason: string }
  | { readonly kind: 'failure-accepted'; readonly stepId: string }
  | {
      readonly kind: 'step-skipped';
      readonly stepId: string;
      readonly reason: string;
      readonly by: 'responder' | 'condition' | 'selection';
    }
  | { readonly kind: 'step-done-by-hand'; readonly stepId: string; readonly record: string }
  | { readonly kind: 'step-reopened'; readonly stepId: string; readonly reason: string }
  /** An item of the step's checklist, or (not done) the tick taken back. See engine/checklist.ts. */
  | {
      readonly kind: 'item-ticked';
      readonly stepId: string;
      readonly itemId: string;
      readonly title: string;
      readonly isDone: boolean;
      readonly note: string;
    }
  /** The responder's own indicators and rules, which every look from here on uses, resumed or not. */
  | {
      readonly kind: 'knowledge-given';
      readonly indicators: readonly GivenIndicators[];
      /** Their texts lie in the incident folder, `rules/<sha256>.yar`. */
      readonly rules: readonly GivenRules[];
    }
  /** Something on the host is the responder's own, and not to be blamed. See findings/allow-list.ts. */
  | {
      readonly kind: 'declared-ours';
      readonly entry: AllowEntry;
      readonly reason: string;
      /** The file that it was read from; null: said in the interface. */
      readonly file: string | null;
    }
  | { readonly kind: 'declaration-taken-back'; readonly declarationId: string; readonly reason: string }
  | { readonly kind: 'note-added'; readonly stepId: string | null; readonly text: string }
  /** The responder was given a shell on the host; what is done there is recorded. */
  | {
      readonly kind: 'shell-opened';
      readonly stepId: string | null;
      readonly shellId: string;
      /** What was started, and is recorded. */
      readonly argv: readonly string[];
    }
  /** Left out after `shell-opened`: the line was lost meanwhile. */
  | {
      readonly kind: 'shell-closed';
      readonly shellId: string;
      readonly exitCode: number | null;
      readonly tookMs: number;
      /** asciicast v3; null if nothing was recorded. */
      readonly recording: OutputRef | null;
    }
  | { readonly kind: 'incident-closed'; readonly reason: string }
  | { readonly kind: 'incident-reopened'; readonly reason: string };

export type EventKind = Event['kind'];

/** A file of indicators as it was understood, and the hash of its bytes. */
export interface GivenIndicators extends IndicatorSet {
  readonly sha256: string;
}

/** A file of rules, by the name it had. */
export interface GivenRules {
  readonly name: string;
  readonly sha256: string;
}

export interface IncidentOpened {
  readonly kind: 'incident-opened';
  /** Of this record's shape; see journal/FORMAT.md. */
  readonly format: 1;
  readonly incidentId: string;
  readonly playbook: Playbook;
  /** sha256 of the playbook file's bytes, which lie beside the journal. */
  readonly playbookSha256: string;
  readonly host: HostSummary;
}

/** Of HostFacts, what a transcript's first page needs. */
export interface HostSummary {
  readonly hostname: string;
  readonly distribution: string;
  readonly kernel: string;
  readonly cores: number;
  readonly bootId: string;
  readonly isRoot: boolean;
  readonly isDrill: boolean;
  readonly serviceManager: string;
  readonly firewall: string;
  /** What its metadata service says; left out where it is in no cloud that is known. A host that lies can say anything. */
  readonly cloud?: { readonly machine: string; readonly zone: string; readonly group: string };
}

/** One runner at work on the incident. */
export interface Session {
  readonly responder: string;
  readonly account: string;
  readonly peerAddress: string | null;
  readonly front: 'terminal' | 'line' | 'headless' | 'test';
  readonly pid: number;
  readonly version: string;
}

export interface StepPlan {
  /** 1, 2, …: a step may be planned again. */
  readonly number: number;
  readonly operations: readonly Operation[];
  /** sha256 over the operations, which hold the identities they were planned against. */
  readonly hash: string;
  readonly risk: Risk;
  /** What will be checked afterwards, in words. */
  readonly checkedAfter: string;
  /** Things worth saying before approval: what is refused and why, what cannot be undone, advice. */
  readonly remarks: readonly string[];
  /** Nothing can be called from here: what a person does instead, and what to write down of it. */
  readonly byHand?: { readonly instructions: readonly string[]; readonly record: readonly string[] } | null;
  /** Must be typed for the approval whatever the risk: it would close a last way in. Left out: only as the risk asks. */
  readonly word?: string;
  /** Watch instead of change: null for all other steps. */
  readonly watch: {
    readonly forMs: number;
    readonly everyMs: number;
    readonly scopes: readonly ScanScope[];
    /** What was chosen must no longer be found, whatever else is; left out: only processes are looked for. */
    readonly mustBeGone?: boolean;
  } | null;
}

export interface OutputRef {
  /** Relative to the incident's output folder. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the file beside it that says when which part of it came (`.times` in place of `.log`); left out: there is none. */
  readonly timesSha256?: string;
}

/** An event as it stands in the journal. */
export interface JournalRecord {
  /** 1, 2, … without gaps. */
  readonly seq: number;
  /** ISO 8601 UTC with milliseconds. */
  readonly at: string;
  /** The responder's name, or `runner` for what nobody commanded. */
  readonly by: string;
  readonly event: Event;
}
