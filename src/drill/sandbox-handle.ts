import type { SandboxRecord } from './sandbox-record.ts';

/** A sandbox that is alive, for whoever started or found it (sandbox.ts). */
export interface Sandbox {
  readonly id: string;
  /** Pid of its init as seen outside. */
  readonly initPid: number;
  /** Outside, 0700: records, the manifest of what was planted, logs of the pretend peers. */
  readonly folder: string;
  readonly record: SandboxRecord;
  /** The argv that runs `argv` inside, as root there; also marks the sandbox as touched. */
  agentCommand(argv: readonly string[]): string[];
  /** Ends everything in it and takes its folder away. Does nothing if it has ended. */
  end(): Promise<void>;
}
