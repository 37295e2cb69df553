import type { Action } from '../actions/action.ts';
import type { Event } from '../engine/event.ts';
import type { Activity } from '../engine/handle.ts';
import type { Incident } from '../engine/incident.ts';
import type { RuleSource } from '../findings/file-rules.ts';
import type { Host, HostFacts } from '../host/host.ts';
import type { IncidentFolder } from '../journal/folder.ts';

/** What performing an effect may use; one for the life of a runner. */
export interface Workbench {
  readonly host: Host;
  readonly facts: HostFacts;
  readonly actions: ReadonlyMap<string, Action>;
  readonly folder: IncidentFolder;
  /** Values of secret inputs, in memory only. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly sampleMs: number;
  /** Texts of all rules that looks use: the shipped ones, then the responder's. */
  readonly rules: readonly RuleSource[];
  /** This runner's token: the host acts for no earlier one. */
  readonly fence: string;
  incident(): Incident;
  /** Journal first, then everything else. Rejects if it cannot be written: then nothing may be done. */
  record(event: Event): Promise<void>;
  /** Says what is going on, for fronts. */
  begin(kind: Activity['kind'], stepId: string, operationId?: string | null, endsAtMs?: number | null): void;
  update(change: Partial<Pick<Activity, 'progress' | 'scanProgress' | 'vitals'>>): void;
  /** Live output as it comes. */
  output(bytes: Uint8Array): void;
  /** Aborted by the command `cancel`, and for looking and watching also when the responder leaves. */
  readonly signal: () => AbortSignal;
  isLeaving(): boolean;
  nowMs(): number;
  /** Resolves after a time, or at once when the signal is aborted. */
  pause(forMs: number): Promise<void>;
}
