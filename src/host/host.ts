/**
 * The machine responded to, behind one interface. host/ is the only folder that touches it.
 *
 * Rules of this boundary:
 *  - `facts`, `scan`, `prepare` and `verify` only read. `perform`, `confirm` and `undo` change, one operation at a time.
 *  - Nothing here asks or decides: an operation that no longer fits its target is refused, not adapted.
 *  - Expected outcomes are data. A thrown error is a bug or a lost connection.
 *  - Everything returned is JSON (it crosses host/remote.ts) and hostile text (text/printable.ts before showing).
 */
import type { ChangeReport } from '../findings/change-sign.ts';
import type { ScanOutcome, ScanProgress, ScanRequest } from '../findings/scan.ts';
import type { CloudFacts, CloudPlace, CloudQuestion, CloudTool } from '../operations/cloud.ts';
import type { VolumeRef } from '../operations/identity.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationProgress } from '../operations/progress.ts';
import type {
  EvidenceFile,
  OperationOutcome,
  Prepared,
  Receipt,
  Verification,
} from '../operations/receipt.ts';

export interface Host {
  facts(): Promise<HostFacts>;
  scan(request: ScanRequest, context: ScanContext): Promise<ScanOutcome>;
  /**
   * Waits until something has changed since the call before that is worth a look, or the time is over. Cheap enough to be
   * called for days. Reads only.
   */
  awaitChange(request: ChangeRequest, context: Pick<ScanContext, 'signal'>): Promise<ChangeReport>;
  /** Checks that the target is still what was planned against, takes the evidence, and says how to undo. Reads only. */
  prepare(operation: Operation, context: OperationContext): Promise<Prepared>;
  /**
   * Carries out what was prepared. The receipt was journalled before this is called.
   * Called again for a `run-command` or `upgrade-packages` that is still going on (same operation id), it attaches.
   */
  perform(operation: Operation, receipt: Receipt, context: OperationContext): Promise<OperationOutcome>;
  /** Whether it is in force now; with the receipt as prepared (after a cut-off) or as finished. */
  verify(operation: Operation, receipt: Receipt, secrets?: Secrets): Promise<Verification>;
  /**
   * Makes a change stay that would take itself back. `holds`: it stays. `two-sided-test` confirms only if an
   * allowed peer still answers and a forbidden one does not.
   */
  confirm(operation: Operation, receipt: Receipt, how: ConfirmedBy): Promise<Verification>;
  undo(operation: Operation, receipt: Receipt, context: OperationContext): Promise<OperationOutcome>;
  /**
   * Repeats what belongs to a change and to its undo and may have been cut off from them: what has read the file once
   * reads it again. Harmless done twice. In words what came of it; '' if nothing reads it. Left out where nothing does.
   */
  readAnew?(operation: Operation, context: OperationContext): Promise<string>;
  /**
   * From now on only the runner with this token (fence.ts), or a later one, may act here for the incident; waits for what an
   * earlier one has in hand. Rejects with UserError `taken-over` if a later one was here already.
   */
  admit(incidentId: string, fence: string): Promise<void>;
  close(): Promise<void>;
  /** What is done where the responder is (cloud/responder-side.ts); left out where there is no such side. */
  readonly responderSide?: ResponderSide;
}

export interface ResponderSide {
  /** The responder's own machine is the host. */
  readonly isOnHost: boolean;
  /** Reads only. What went wrong stands in the answer. */
  cloud(question: CloudQuestion): Promise<CloudFacts>;
  /** Why this tool cannot be used there; null: it is there and logged in. Reads only. */
  tool?(name: CloudTool): Promise<string | null>;
}

/** Values of `secretNames`, by the variable's name; in memory only. */
export type Secrets = Readonly<Record<string, string>>;

export interface ChangeRequest {
  /** It returns after this time at the latest. */
  readonly waitMs: number;
  /** Between two turns of what has to be asked for. */
  readonly everyMs: number;
}

export type ConfirmedBy = 'responder' | 'two-sided-test';

export interface ScanContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

export interface OperationContext {
  /** Names the folder on the host where quarantine and long commands of this incident live. */
  readonly incidentId: string;
  readonly evidence: EvidenceSink;
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  readonly onProgress: (progress: OperationProgress) => void;
  readonly secrets: Secrets;
  /** Token of the runner (fence.ts): the host refuses to act for one that was replaced. Without it, for nobody in particular. */
  readonly fence?: string;
  readonly signal?: AbortSignal;
}

/** Takes evidence into the incident folder, which may be on another machine. */
export interface EvidenceSink {
  /** `name` is relative, made of [A-Za-z0-9._-] and `/`; opening a name twice replaces it (a repeated prepare). */
  open(name: string, source: string): Promise<EvidenceWriter>;
}

export interface EvidenceWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Fsynced when this returns. */
  close(): Promise<EvidenceFile>;
}

/** What is known about the host without looking for anything in particular. */
export interface HostFacts {
  readonly hostname: string;
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly distribution: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly bootId: string;
  readonly upSeconds: number;
  readonly cores: number;
  readonly loadAverage: number;
  readonly memoryBytes: number;
  /** Whether the agent has uid 0 and the rights that go with it. */
  readonly isRoot: boolean;
  readonly user: string;
  readonly serviceManager: 'systemd' | 'systemd-offline' | 'openrc' | 'none';
  readonly firewall: 'nft' | 'iptables' | 'windows' | 'none';
  readonly packageManager: 'apt' | 'dnf' | 'zypper' | 'apk' | 'none';
  readonly container: string | null;
  readonly responder: ResponderFacts;
  /** Host tools that were found in trusted folders: name → absolute path and hash. */
  readonly tools: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
  /** True inside the drill's sandbox. */
  readonly isDrill: boolean;
  /** As systeminformation sees it; null if it could not be asked. */
  readonly hardware?: HardwareFacts | null;
  /** What /etc/ld.so.preload loads into every program; null if nothing. */
  readonly preload?: PreloadFacts | null;
  /** What can be snapshotted by itself; left out by agents that do not look. */
  readonly volumes?: readonly VolumeRef[];
  /** What the cloud's metadata service says of it; null where there is none, left out by agents that do not ask. */
  readonly cloud?: CloudPlace | null;
}

export interface PreloadFacts {
  readonly libraries: readonly { readonly path: string; readonly sha256: string | null }[];
  /** Whether this process and the tools it starts are free of them. */
  readonly isSteppedAround: boolean;
  /** Why not. */
  readonly failure: string | null;
}

export interface HardwareFacts {
  readonly processor: string;
  readonly model: string;
  /** `KVM`, `VMware`, …; null on bare metal. */
  readonly hypervisor: string | null;
}

/** Where the responder sits, so that nothing cuts that branch off. */
export interface ResponderFacts {
  /** From SSH_CONNECTION or the owner chain's socket; null on a console. */
  readonly peerAddress: string | null;
  readonly peerPort: number | null;
  readonly localPort: number | null;
  readonly account: string;
  readonly uid: number;
  /** The runner or agent and its ancestors up to init, nearest first. */
  readonly protectedPids: readonly number[];
  /** SHA256 fingerprint of the key used for this login, if known. */
  readonly keyFingerprint: string | null;
}
