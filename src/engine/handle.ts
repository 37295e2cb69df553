import type { ScanProgress } from '../findings/scan.ts';
import type { OperationProgress } from '../operations/progress.ts';
import type { Command, CommandResult } from './command.ts';
import type { Question } from './effect.ts';
import type { JournalRecord } from './event.ts';
import type { Incident } from './incident.ts';

/**
 * All that a front holds of an incident. It draws `view()`, is told when that changed, and sends commands.
 * `view()` returns the same object until something changed (for useSyncExternalStore).
 */
export interface IncidentHandle {
  view(): IncidentView;
  subscribe(listener: () => void): () => void;
  /** Resolves when the command was taken (journalled) or refused, not when its consequences are done. */
  send(command: Command): Promise<CommandResult>;
  /** Every record so far, oldest first. */
  records(): readonly JournalRecord[];
  /** Called for each new record from now on. */
  onRecord(listener: (record: JournalRecord) => void): () => void;
  /** A part of an operation's whole output as stored (raw bytes, hostile). Works while it is still growing. */
  readOutput(operationId: string, fromByte: number, maxBytes: number): Promise<OutputPart>;
  /** When which part of it came, in order; none where that was not kept. Works while it is still growing. */
  readOutputTimes(operationId: string): Promise<readonly OutputTime[]>;
  /** Resolves when the runner has nothing to do but wait for the responder, or has stopped. */
  whenIdle(): Promise<void>;
  /** Stops after the operation in hand is at a safe point; the incident can be resumed. */
  leave(reason: string): Promise<void>;
}

/** Gives the terminal to a program until it is done. */
export type Lend = (during: () => Promise<void>) => Promise<void>;

/**
 * Runs and records a shell on the incident's host, with the terminal that it is lent. Resolves to what came of it, in
 * words. @throws Error that says why there is none.
 */
export type OpenShell = (handle: IncidentHandle, stepId: string | null, lend: Lend) => Promise<string>;

export interface IncidentView {
  readonly incident: Incident;
  /** What is going on right now; null when waiting. Not journalled. */
  readonly activity: Activity | null;
  /** What the responder is asked; null while something is going on. */
  readonly question: Question | null;
  /** sha256 of the last journal record. */
  readonly journalHead: string;
  /** Why nothing more can be done in this session: another runner, a journal that cannot be written; null normally. */
  readonly stopped: string | null;
  /** Another runner is at it and this reads along, live: `stopped` says who and what can be done. */
  readonly isFollowing?: boolean;
  /** Something that is not as it should be and does not stop the run, for a banner; null or left out: nothing. */
  readonly notice?: string | null;
  readonly folder: string;
}

export interface Activity {
  readonly kind:
    | 'looking'
    | 'planning'
    | 'preparing'
    | 'performing'
    | 'verifying'
    | 'recovering'
    | 'undoing'
    | 'watching'
    | 'confirming';
  readonly stepId: string;
  readonly operationId: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** For a watch: when it ends. */
  readonly endsAtMs: number | null;
  readonly scanProgress: ScanProgress | null;
  readonly progress: OperationProgress | null;
  /** While watching: what each look saw of the host as a whole, oldest first, the last of them. */
  readonly vitals?: readonly Vitals[];
  /** The last lines of live output, raw, at most 200. */
  readonly tail: readonly string[];
}

/** How the host does, at one look. */
export interface Vitals {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Of one core, all processes together; null if it was not sampled. */
  readonly busyPercent: number | null;
  /** Null if they were not looked at. */
  readonly connections: number | null;
  /** Dropped on their way to blocked addresses since the look before. */
  readonly droppedPackets: number;
}

/** What comes from this byte on came then (milliseconds since the epoch), to the second. */
export interface OutputTime {
  readonly fromByte: number;
  readonly atMs: number;
}

export interface OutputPart {
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
}
