/**
 * What a scan read from the host, before anything is thought of it. Made by host/scan, judged by judge.ts.
 * Everything in it is data and hostile text; paths are host strings (text/host-bytes.ts).
 */
import type { FileIdentity, LineRef, ProcessIdentity } from '../operations/identity.ts';
import type { Declaration } from './allow.ts';
import type { Examined } from './file-rules.ts';
import type { FileLineSubject, PackageSubject } from './finding.ts';
import type { FoundBefore } from './found-before.ts';
import type { Indicators } from './indicators.ts';
import type { ObservedMark } from './mark.ts';
import type { StartLineRole } from './mechanisms.ts';
import type { ObservedAccount } from './observed-account.ts';
import type { ObservedContainer } from './observed-container.ts';
import type { ObservedStart } from './observed-start.ts';
import type { HiddenBy, ProcessTrace } from './process-traces.ts';
import type { ObservedSecret } from './secret-kinds.ts';

export interface Observation {
  readonly processes: readonly ObservedProcess[];
  readonly connections: readonly ObservedConnection[];
  readonly lines: readonly ObservedLine[];
  readonly cronScripts: readonly ObservedCronScript[];
  readonly units: readonly ObservedUnit[];
  readonly starts: readonly ObservedStart[];
  readonly containers: readonly ObservedContainer[];
  readonly accounts: readonly ObservedAccount[];
  readonly hostKeys: readonly ObservedHostKey[];
  readonly packages: readonly PackageSubject[];
  readonly disagreements: readonly ObservedDisagreement[];
  readonly marks: readonly ObservedMark[];
  readonly secrets: readonly ObservedSecret[];
  /** Paths of files found lying where programs do not belong. */
  readonly lyingAbout: readonly string[];
  /** Everything known of files, by the path they were named by. */
  readonly files: ReadonlyMap<string, ObservedFile>;
  readonly setting: Setting;
}

/** What the judges must know of the host and of who is looking. */
export interface Setting {
  readonly responderAccount: string;
  readonly responderAddress: string | null;
  readonly responderKeyFingerprint: string | null;
  /** "DEVICE:INODE" of the executables of the responder's own processes. */
  readonly protectedExeInodes: ReadonlySet<string>;
  /** Resolvers of /etc/resolv.conf. */
  readonly resolvers: readonly string[];
  /** Names with an address in /etc/hosts, lower case. */
  readonly hostsNames: ReadonlyMap<string, string>;
  /** Unit names that packages of this host bring. */
  readonly packagedUnits: ReadonlySet<string>;
  /** What is known of miners, with what the responder added. */
  readonly indicators: Indicators;
  /** Whether every entry was read that may use a file in an ordinary way. */
  readonly areUsersRead: boolean;
  /** What the responder has declared to be their own. */
  readonly allow: readonly Declaration[];
  /** What earlier looks found to be malicious, by its path. */
  readonly foundBefore: ReadonlyMap<string, FoundBefore>;
}

export interface ObservedProcess {
  readonly process: ProcessIdentity;
  readonly parentPid: number;
  readonly uid: number;
  readonly owner: string;
  readonly sessionId: number;
  readonly commandLine: readonly string[];
  readonly workingFolder: string | null;
  readonly cgroup: string | null;
  readonly cpuPercent: number | null;
  /** Anonymous memory and huge pages; told only of those that compute. */
  readonly ownMemoryMiB?: number;
  /** When it was started, ms since 1970; null if the host does not tell when it was booted. */
  readonly startedAtMs: number | null;
  readonly isKernelThread: boolean;
  /** The responder's own chain: runner, agent, shell, sshd. */
  readonly isProtected: boolean;
  /** False if it runs in another file system tree (a container), so that its paths are not ours. */
  readonly sharesOurFiles: boolean;
  /** Path of the executable without " (deleted)"; null if unreadable, or not a path (memfd). */
  readonly exe: string | null;
  readonly isDeleted: boolean;
  readonly isMemfd: boolean;
  /** LD_PRELOAD of its environment; null if none or not readable. */
  readonly preload: string | null;
  /** Set if a listing of /proc does not show it as it is. */
  readonly hidden?: HiddenBy;
  /** A container runtime’s socket that it is connected to. */
  readonly runtimeSocket?: string;
  /** What a closer look at a suspect has found. */
  readonly traces?: readonly ProcessTrace[];
  /** Its program as it runs, also if the file is gone; left out if it was not read whole. */
  readonly examined?: Examined;
}

export interface ObservedConnection {
  readonly protocol: 'tcp' | 'udp';
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: string;
  readonly pid: number | null;
  /** True if the remote end came to a port that something here listens on. */
  readonly isIncoming: boolean;
}

interface FromFile {
  readonly file: FileIdentity;
  readonly ctimeNs: string;
  readonly owner: string;
  /** Package that owns the file, if any. */
  readonly package: string | null | undefined;
  readonly isUnchangedFromPackage: boolean;
}

export interface ObservedLine extends FromFile {
  readonly role: Exclude<FileLineSubject['role'], StartLineRole>;
  readonly line: LineRef;
  readonly details: Readonly<Record<string, string>>;
  /** What it runs, for a cron entry or a shell line. */
  readonly command: string | null;
  /** Folder that `~` and `$HOME` stand for in it. */
  readonly home: string | null;
  /** Who it acts for: the crontab's user, the home's owner. */
  readonly account: string | null;
  /** Whether that account is one that nobody logs in with. */
  readonly isSystemAccount: boolean;
  /** Active lines of the same kind in the file. */
  readonly siblings: number;
}

/** A script that run-parts starts (cron.daily and the like). */
export interface ObservedCronScript extends FromFile {
  /** run-parts passes over names with a dot and files that are not executable. */
  readonly isInert: boolean;
  readonly text: string;
}

export interface ObservedUnit extends FromFile {
  readonly unit: string;
  readonly user: string | null;
  readonly isEnabled: boolean;
  readonly isDropIn: boolean;
  readonly commands: readonly string[];
  readonly environment: readonly string[];
  /** Files and folders that it takes its variables, programs or libraries from, or has laid over others. */
  readonly takesFrom: readonly string[];
  /** It lies where generators write, and nothing that is there says why (systemd.generator(7)). */
  readonly isUnexplained: boolean;
  /** 1-based line of each of the commands and settings. */
  readonly lines: ReadonlyMap<string, number>;
  readonly description: string;
  readonly restart: string;
  /** For a timer, path or socket: the unit that it starts. */
  readonly activates: string | null;
  readonly home: string | null;
  /** A symlink into a place that units do not come from. */
  readonly linkTarget: string | null;
}

export interface ObservedHostKey {
  readonly file: FileIdentity;
  readonly owner: string;
  readonly ctimeNs: string;
  readonly type: string;
  readonly fingerprint: string;
}

export interface ObservedDisagreement {
  readonly about: string;
  readonly ours: string;
  readonly theirs: string;
  readonly code:
    | 'hidden-from-tools'
    | 'unseen-by-us'
    | 'hidden-process'
    | 'mounted-over'
    | 'other-address'
    | 'cpu-gap'
    /** A library is loaded into every program; we run without it, or with it. */
    | 'stepped-around'
    | 'preloaded';
  readonly pid: number | null;
  /** Where it is, if not at the process. */
  readonly place?: string;
}

export interface ObservedFile {
  readonly path: string;
  /** With every symlink resolved; null if it is missing. */
  readonly realPath: string | null;
  readonly kind: 'file' | 'folder' | 'other' | 'missing' | 'unreadable';
  readonly mode: number;
  readonly uid: number;
  readonly owner: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  /** When it was made; left out where the file system does not say. */
  readonly bornNs?: string;
  /** "DEVICE:INODE". */
  readonly inode: string | null;
  /** undefined: no package manager to ask, or not asked. */
  readonly package: string | null | undefined;
  /** Against the package's own list of hashes. */
  readonly integrity: 'unchanged' | 'changed' | 'not-listed' | 'not-checked';
  readonly content: 'elf' | 'script' | 'text' | 'data' | 'empty' | 'not-read';
  /** Of an ELF, how it is put together, where that says something (host/scan/elf-build.ts). */
  readonly built?: 'packed' | 'static';
  /** Its first bytes as latin-1, for text and scripts; of an ELF only what was searched for. */
  readonly head: string;
  /** undefined: not asked for yet; null: it could not be had. */
  readonly identity: FileIdentity | null | undefined;
  /** Left out if it was not read whole. */
  readonly examined?: Examined;
}
