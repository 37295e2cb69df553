import type { HostSummary, OutputRef, Session } from '../engine/event.ts';
import type { Incident, OperationStatus, StepStatus } from '../engine/incident.ts';
import type { Assurance } from '../findings/assurance.ts';
import type { Finding } from '../findings/finding.ts';
import type { ScanUnknown } from '../findings/scan.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { EvidenceFile, Verification } from '../operations/receipt.ts';
import type { Risk } from '../operations/risk.ts';
import type { JsonValue } from '../playbook/playbook.ts';
import type { ExecutionStatus } from './cacao-status.ts';
import type { OutputExcerpt } from './excerpt.ts';
import type { Redaction } from './names-in.ts';

/** What a transcript needs beside the journal's records. */
export interface TranscriptContext {
  /** sha256 of the last whole record: whoever has it can tell that the journal was not changed afterwards. */
  readonly journalHead: string;
  /** The first record that does not fit its chain; null if all do. */
  readonly altered: { readonly seq: number; readonly reason: string } | null;
  /** By operation id. */
  readonly excerpts: ReadonlyMap<string, OutputExcerpt>;
  /**
   * The address of a stored output's file, relative to where the page will lie, already as a URL writes it; left out:
   * the page links to none.
   */
  readonly outputHref?: (name: string) => string;
  /** What was replaced by placeholders in all of it, for sharing outside; nothing if left out. */
  readonly redacted?: readonly Redaction[];
}

/** A journal as a report: the same data that Markdown and JSON are written from. Host text as it is. */
export interface Transcript {
  readonly format: 1;
  /** Names that were replaced by placeholders; empty: none. Hashes are those of the true records and files. */
  readonly redacted: readonly Redaction[];
  readonly incidentId: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBecause: string | null;
  readonly lastAt: string;
  readonly host: HostSummary;
  readonly playbook: { readonly name: string; readonly title: string; readonly sha256: string };
  readonly sessions: readonly TranscriptSession[];
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** The half page for whoever reads nothing else. */
  readonly story: readonly StoryPart[];
  readonly found: readonly FoundItem[];
  /** What assurance is left, weighed as in the step rebuild-or-release. */
  readonly assurance: Assurance;
  readonly stillOpen: readonly OpenItem[];
  readonly steps: readonly TranscriptStep[];
  readonly notes: Incident['notes'];
  /** Shells on the host that were recorded: what was typed there is in no step. */
  readonly shells: readonly TranscriptShell[];
  readonly takenOver: readonly TakenOver[];
  /** What was declared to be the responder's own, and was not taken back. */
  readonly declaredOurs: readonly { readonly what: string; readonly by: string; readonly reason: string }[];
  readonly evidence: readonly (EvidenceFile & { readonly operationId: string })[];
  readonly journal: {
    readonly records: number;
    readonly head: string;
    readonly altered: TranscriptContext['altered'];
  };
}

/** All that the story is written from. */
export type TranscriptFacts = Omit<Transcript, 'story'>;

export interface StoryPart {
  readonly about: 'what' | 'since' | 'stayed' | 'done' | 'left' | 'rotate' | 'assurance';
  readonly heading: string;
  /** Host text in them as it is. */
  readonly sentences: readonly string[];
}

/** Something that was found malicious or suspicious, by its latest look, and what was done about it. */
export interface FoundItem {
  readonly finding: Finding;
  /** Titles of the operations that changed something because of it and were done. */
  readonly dealtWithBy: readonly string[];
  /** Titles of those that were done and undone again. */
  readonly undone: readonly string[];
  /** Seen again by a watch after that. */
  readonly hasComeBack: boolean;
}

export interface TranscriptStep {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly attack: readonly string[];
  readonly status: StepStatus;
  /** The same in CACAO's words; null where it has none. */
  readonly executionStatus: ExecutionStatus | null;
  readonly isFailureAccepted: boolean;
  readonly summary: string | null;
  readonly reason: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly decisions: readonly Decision[];
  readonly findings: readonly Finding[];
  readonly chosen: readonly string[];
  readonly unknowns: readonly ScanUnknown[];
  readonly remarks: readonly string[];
  /** What was to be done elsewhere; `tickedAt` null: nobody has said that it was. */
  readonly checklist: readonly TranscriptCheck[];
  readonly watch: { readonly looks: number; readonly returned: number; readonly isFinished: boolean } | null;
  /** What watching saw again, each thing once. */
  readonly cameBack: readonly Finding[];
  readonly operations: readonly TranscriptOperation[];
}

export interface TranscriptShell {
  readonly id: string;
  readonly stepId: string | null;
  readonly openedAt: string;
  /** asciicast v3; null: it was cut off, and nothing of it is known. */
  readonly recording: OutputRef | null;
}

/** Another responder went on with it, while the first was alive and at it. */
export interface TakenOver {
  readonly at: string;
  readonly by: string;
  readonly from: string;
  readonly reason: string;
  readonly wasForced: boolean;
}

export interface TranscriptCheck {
  readonly title: string;
  readonly word: 'replaced' | 'done';
  readonly isDone: boolean;
  readonly tickedAt: string | null;
  readonly by: string | null;
  readonly note: string;
}

export interface TranscriptOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly title: string;
  readonly risk: Risk;
  readonly undoNote: string | null;
  /** `planned`: of a plan that was never approved. */
  readonly status: OperationStatus | 'planned';
  readonly because: readonly string[];
  readonly commands: readonly string[];
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly verification: Verification | null;
  readonly evidence: readonly EvidenceFile[];
  readonly output:
    | (OutputRef & { readonly head: string; readonly leftOutBytes: number; readonly tail: string })
    | null;
}

/** One runner at work; `until` null: still, or cut off without a word. */
export interface TranscriptSession extends Session {
  readonly from: string;
  readonly until: string | null;
  readonly leftBecause: string | null;
}

/** What somebody decided on a step (or the runner for them), and when. */
export interface Decision {
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

/** Something that whoever takes over must know of: not done, not sure, or not known. */
export interface OpenItem {
  readonly kind: 'journal' | 'step' | 'operation' | 'checklist' | 'finding' | 'isolation' | 'unknown';
  readonly stepId: string | null;
  readonly text: string;
}
