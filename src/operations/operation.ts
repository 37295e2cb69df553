import type { CalledCloud, CloudCheck, CloudRequest, CloudStage } from './cloud.ts';
import type {
  ContainerIdentity,
  FileIdentity,
  LineRef,
  MountRef,
  ProcessIdentity,
  VolumeRef,
} from './identity.ts';
import type { ReloadName } from './reloads.ts';
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
  /** Of the host that it was planned for; left out: Linux. Only its words depend on it. */
  readonly platform?: 'win32';
}

export type OperationTarget =
  | RunCommand
  | CollectProcess
  | ArchiveFiles
  | SnapshotVolume
  | RevealProcess
  | FreezeProcess
  | KillProcess
  | BlockAddress
  | IsolateHost
  | LiftIsolation
  | QuarantineFile
  | EditFile
  | SetAttributes
  | SetKernelParameter
  | StopContainer
  | DisableUnit
  | DisableEntry
  | LockAccount
  | ExpirePassword
  | EndSession
  | ReplaceHostKeys
  | ReinstallPackage
  | UpgradePackages
  | CloudCall;

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
  /** Where the responder is, never on the host; left out: on the host. */
  readonly on?: 'responder';
}

export type CommandText = { readonly argv: readonly string[] } | { readonly shell: string };

/** Copy a process out of /proc into the evidence: executable (deleted and memfd too), cmdline, environ, maps, fds, cwd, sockets. */
export interface CollectProcess {
  readonly kind: 'collect-process';
  readonly process: ProcessIdentity;
  /** How much of its memory is kept beside, most telling regions first; 0 or left out: none. */
  readonly memoryBytes?: number;
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

/**
 * Take a snapshot of a whole volume by its own file system or volume manager. It lies on the host itself and keeps
 * what was there from being overwritten; it is no copy elsewhere.
 */
export interface SnapshotVolume {
  readonly kind: 'snapshot-volume';
  readonly volume: VolumeRef;
  /** Of the snapshot: [a-z0-9-]. */
  readonly name: string;
}

/** Take away the mounts that lie over a process's folder in /proc, so that every tool sees it again. */
export interface RevealProcess {
  readonly kind: 'reveal-process';
  /** As read past the mounts. */
  readonly process: ProcessIdentity;
  /** In the order in which they were mounted; several may lie upon each other. */
  readonly mounts: readonly MountRef[];
}

/** Stop a process where it stands; with `others` all of them in one pass, so that none sees another stop. */
export interface FreezeProcess {
  readonly kind: 'freeze-process';
  readonly process: ProcessIdentity;
  readonly others?: readonly ProcessIdentity[];
}

export interface KillProcess {
  readonly kind: 'kill-process';
  readonly process: ProcessIdentity;
  /** See CollectProcess. */
  readonly memoryBytes?: number;
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
  /** What must read its configuration anew after the change, and after its undo. */
  readonly reload?: readonly ReloadName[];
}

/**
 * Remove, replace or insert exact lines; the rest of the file stays byte for byte, a missing last line end too.
 * All numbers are those of the file as it was looked at. At least one line must be named.
 */
export interface EditFile {
  readonly kind: 'edit-file';
  readonly file: FileIdentity;
  readonly removeLines: readonly LineRef[];
  readonly replaceLines?: readonly LineReplacement[];
  readonly insertLines?: readonly LineInsertion[];
  /** What must read its configuration anew after the change, and after its undo. */
  readonly reload?: readonly ReloadName[];
}

export interface LineReplacement {
  readonly line: LineRef;
  /** What stands there instead, without a line end (that of the line stays). No LF in it. */
  readonly text: string;
}

export interface LineInsertion {
  /** The line below which it is put; null: at the top. Several below the same line come in the order given. */
  readonly below: LineRef | null;
  /** Without a line end; it gets that of its neighbour. No LF in it. */
  readonly text: string;
  /** A password follows the text that is made on the host and stands in the file alone: in no plan, record or screen. */
  readonly madeUp?: true;
}

/** Owner and contents stay; mode, capabilities and flags become what is named. A field left out stays as it is. */
export interface SetAttributes {
  readonly kind: 'set-attributes';
  readonly file: FileIdentity;
  /** Permission bits with set-id and sticky, e.g. 0o755. */
  readonly mode?: number;
  /** As setcap(8) reads them, e.g. `cap_net_raw=ep`; '' takes all away. */
  readonly capabilities?: string;
  /** The letters of chattr(1) that are to be set of `i` (immutable) and `a` (append only): '', 'i', 'a' or 'ia'. */
  readonly flags?: string;
}

/** Change one setting of the running kernel (sysctl(8)). What sets it at boot is a line of a file: edit-file. */
export interface SetKernelParameter {
  readonly kind: 'set-kernel-parameter';
  /** With dots, e.g. `vm.nr_hugepages`. */
  readonly name: string;
  /** The value that was found, as the kernel prints it. */
  readonly from: string;
  readonly to: string;
}

/** Take a container's restart policy away, then stop it. Nothing of it is removed. */
export interface StopContainer {
  readonly kind: 'stop-container';
  readonly container: ContainerIdentity;
}

/** Stop (where a service manager runs) and disable a unit, then reload. Its file is quarantined by an operation of its own. */
export interface DisableUnit {
  readonly kind: 'disable-unit';
  readonly unit: string;
  /** null: the system's manager; else the user (name) whose manager it is. */
  readonly user: string | null;
  readonly file: FileIdentity;
}

/**
 * Take an entry of Windows out of force that starts or shields something and is no file: kept whole, so that it can be put
 * back. What was planned against is in it: it is refused if it reads otherwise by then.
 */
export interface DisableEntry {
  readonly kind: 'disable-entry';
  readonly entry: WindowsEntry;
}

export type WindowsEntry =
  /** Disabled, not removed. `path` has `\\` at both ends. */
  | { readonly type: 'scheduled-task'; readonly path: string; readonly name: string }
  /** The scheduler does not show it: its keys in the registry are kept and taken away. Windows must be started anew. */
  | { readonly type: 'hidden-task'; readonly path: string; readonly name: string }
  /** `key` begins with HKEY_LOCAL_MACHINE or HKEY_USERS. */
  | {
      readonly type: 'registry-value';
      readonly key: string;
      readonly name: string;
      readonly data: string;
    }
  /** The binding goes, filter and consumer stay: without it neither does anything. */
  | { readonly type: 'wmi-binding'; readonly filter: string; readonly consumer: string }
  | {
      readonly type: 'defender-exclusion';
      readonly list: 'ExclusionPath' | 'ExclusionProcess' | 'ExclusionExtension';
      readonly value: string;
    };

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

/** End a login: the process that leads it, and all that was started from it. Never the responder's own. */
export interface EndSession {
  readonly kind: 'end-session';
  readonly account: string;
  /** What holds the login: the `sshd: user [priv]` or `login` of it, or its shell. */
  readonly leader: ProcessIdentity;
}

export interface ReplaceHostKeys {
  readonly kind: 'replace-host-keys';
  /** The private key files to be replaced; the `.pub` beside each goes with it. */
  readonly keys: readonly FileIdentity[];
}

/** Put packaged files back as their package has them, without running its scripts. What stands there is kept. */
export interface ReinstallPackage {
  readonly kind: 'reinstall-package';
  readonly manager: 'apt' | 'dnf' | 'apk';
  /** As the manager prints it. */
  readonly package: string;
  /** The files of it that are not as the package brought them. */
  readonly files: readonly FileIdentity[];
  /** Where the package cannot be had: moved into quarantine, or left for a person. */
  readonly otherwise: 'quarantine' | 'leave';
}

export interface UpgradePackages {
  readonly kind: 'upgrade-packages';
  readonly manager: 'apt' | 'dnf' | 'zypper' | 'apk' | 'windows-update';
  /** Names as the manager prints them (of an update of Windows its KB number, or id); empty: everything that is pending. */
  readonly packages: readonly string[];
}

/** Calls of a cloud's API. They are made on the responder's side: the host must never see the credentials. */
export interface CloudCall {
  readonly kind: 'cloud-call';
  readonly provider: CalledCloud;
  /** What it does, in our own words with the ids it is about. */
  readonly title: string;
  readonly risk: Risk;
  /** What must still be so, else the plan is stale. */
  readonly before: readonly CloudCheck[];
  /**
   * In this order; if one fails, what those before it did is taken back. Where `after` holds already, only the last is
   * asked for, if it has an `until` that does not hold.
   */
  readonly requests: readonly CloudStage[];
  /** What must be so in the end. */
  readonly after: CloudCheck;
  /** How long that is waited for. */
  readonly waitMs: number;
  /** The inverse, in this order; empty: it cannot be undone. */
  readonly undo: readonly CloudRequest[];
  readonly undoNote: string;
}
