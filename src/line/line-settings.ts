import type { OpenShell } from '../engine/handle.ts';

export interface LineSettings {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Show all but ASCII as escapes. */
  readonly isAscii?: boolean;
  /** Calls the listener at each Ctrl-C; returns how to stop that. */
  readonly onInterrupt?: (listener: () => void) => () => void;
  /** null or left out where there can be no shell: no terminal to lend. */
  readonly openShell?: OpenShell | null;
  /** The terminal is gone or the process must end: leave without asking. */
  readonly signal?: AbortSignal;
  /** How often something that takes long says that it is still at it; 15 s if not given. */
  readonly stillEveryMs?: number;
  /** What is typed in a shell to go on with an incident; `tourniquet resume ID` if left out. */
  readonly resumeCommand?: (incidentId: string) => string;
}
