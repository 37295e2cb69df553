import type { FileIdentity, LineRef, ProcessIdentity } from './identity.ts';
import type { Risk } from './risk.ts';

/**
 * One small, named, checkable change to the host (or taking of evidence from it), as data.
 * The set is closed: a playbook combines operations, it cannot invent one. `run-command` is the way out,
 * and it is shown as what it is.
 */
export type Operation = OperationTarget & OperationCommon;

export interface OperationCommon {
  /** Unique within the incident: `<step>.<plan number>.<index>`, e.g. `kill-process.1.3`. Also a file name. */
  readonly id: string;
  /** Ids of the findings that it answers; empty for one that the step always does. */
  readonly because: readonly string[];
}

export type OperationTarget =
  | RunCommand
  | CollectProcess
  | ArchiveFiles
  | FreezeProcess
  | KillProcess
  | BlockAddress
  | IsolateHost
  | LiftIsolation
  | QuarantineFile
  | EditFile
  | DisableUnit
  | LockAccount
  | ExpirePassword
  | ReplaceHostKeys
  | UpgradePackages;

export type OperationKind = OperationTarget['kind'];
export type OperationOf<K extends OperationKind> = Extract<OperationTarget, { kind: K }> & OperationCommon;

/** A command of the playbook, in its own session; it goes on when the runner dies. */
export interface RunCommand {
  readonly kind: 'run-command';
  /** Either an argv, run as it is, or a text for /bin/sh that was written in the playbook (never built from values). */
  readonly command: CommandText;
  /** Values reach a shell text only through here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of `environment` whose values are secret: passed on, never recorded (the journal holds ''). */
  readonly secretNames: readonly string[];
  readonly workingFolder: string | null;
  readonly timeoutMs: number;
  readonly risk: Risk;
  /** The step's own check: exit 0 means that it holds. */
  readonly verify: CommandText | null;
  readonly undo: CommandText | null;
}

export type CommandText = { readonly argv: readonly string[] } | { readonly shell: string };

/** Copy a process out of /proc into the evidence: executable (deleted and memfd too), cmdline, environ, maps, fds, cwd, sockets. */
export interface CollectProcess {
  readonly kind: 'collect-process';
  readonly process: ProcessIdentity;
}

/** tar + zstd of paths into the evidence, with a manifest of hashes, owners, modes. Missing paths are noted, not an error. */
export interface ArchiveFiles {
  readonly kind: 'archive-files';
  readonly paths: readonly string[];
  /** File name stem in the evidence folder. */
  readonly name: string;
  /** Stop with a clear refusal rather than exceed this. */
  readonly maxBytes: number;
}

export interface FreezeProcess {
  readonly kind: 'freeze-process';
  readonly process: ProcessIdentity;
}

export interface KillProcess {
  readonly kind: 'kill-process';
  readonly process: ProcessIdentity;
}

/** Drop everything to and from an address, in our own table. */
export interface BlockAddress {
  readonly kind: 'block-address';
  /** IPv4 or IPv6 in its canonical text form. */
  readonly address: string;
}

/**
 * Only loopback, the allowed peers and the responder's own connection get through.
 * Takes itself back after `confirmWithinMs` unless confirmed (Host.confirm).
 */
export interface IsolateHost {
  readonly kind: 'isolate-host';
  /** Addresses or CIDRs, IPv4 and IPv6. The responder's own peer is added by the host even if not named. */
  readonly allowedPeers: readonly string[];
  readonly allowDns: boolean;
  readonly confirmWithinMs: number;
  /** For the two-sided test: an allowed `address:port` that must still answer, a forbidden one that must not; null if none is known. */
  readonly mustReach: string | null;
  readonly mustNotReach: string | null;
}

/** Take isolation away again, at the end (addresses that are blocked stay blocked). */
export interface LiftIsolation {
  readonly kind: 'lift-isolation';
}

/** Move a file into quarantine on its own file system, whole: owner, mode, times, xattrs. */
export interface QuarantineFile {
  readonly kind: 'quarantine-file';
  readonly file: FileIdentity;
}

/** Remove exact lines; the rest of the file stays byte for byte. */
export interface EditFile {
  readonly kind: 'edit-file';
  readonly file: FileIdentity;
  readonly removeLines: readonly LineRef[];
}

/** Stop (where a service manager runs) and disable a unit, then reload. Its file is quarantined by an operation of its own. */
export interface DisableUnit {
  readonly kind: 'disable-unit';
  readonly unit: string;
  /** null: the system's manager; else the user (name) whose manager it is. */
  readonly user: string | null;
  readonly file: FileIdentity;
}

export interface LockAccount {
  readonly kind: 'lock-account';
  readonly account: string;
  readonly uid: number;
}

export interface ExpirePassword {
  readonly kind: 'expire-password';
  readonly account: string;
  readonly uid: number;
}

export interface ReplaceHostKeys {
  readonly kind: 'replace-host-keys';
  /** The private key files to be replaced; the `.pub` beside each goes with it. */
  readonly keys: readonly FileIdentity[];
}

export interface UpgradePackages {
  readonly kind: 'upgrade-packages';
  readonly manager: 'apt' | 'dnf' | 'apk';
  /** Names as the manager prints them; empty: everything that is pending. */
  readonly packages: readonly string[];
}
