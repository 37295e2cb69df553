import type {
  ContainerIdentity,
  FileIdentity,
  LineRef,
  MountRef,
  ProcessIdentity,
} from '../operations/identity.ts';
import type { OperationTarget } from '../operations/operation.ts';
import type { SecretSubject } from './secret-kinds.ts';

/** What is thought of a finding. `unknown`: could not be judged. Never guess `benign`. */
export const VERDICTS = ['malicious', 'suspicious', 'unknown', 'benign'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What somebody should look at. */
export function isOdd({ verdict }: { readonly verdict: Verdict }): boolean {
  return verdict === 'malicious' || verdict === 'suspicious';
}

/** Something seen on the host, with what is thought of it, why, and where it was read. */
export interface Finding {
  /** Stable from scan to scan for the same thing: `<kind>:<12 hex of a hash of the subject>`. */
  readonly id: string;
  readonly subject: Subject;
  /** One line, e.g. `kworkerds (812)`, `/etc/cron.d/sysupdate line 3`. Host text, unescaped. */
  readonly title: string;
  readonly verdict: Verdict;
  /** 0 (harmless) … 100 (certain). */
  readonly score: number;
  /** Strongest first. */
  readonly reasons: readonly Reason[];
  /** Where it was read. */
  readonly places: readonly Place[];
  /** ATT&CK technique ids, e.g. T1053.003. */
  readonly attack: readonly string[];
  /** The file behind it, if there is one. */
  readonly times: { readonly mtimeNs: string; readonly ctimeNs: string } | null;
  /** When it last began, ms since 1970: the start of a process, the last login of an account. Left out: not known. */
  readonly beganAtMs?: number;
  /** Owning user of the thing (name if known, else uid as text). */
  readonly owner: string | null;
  /** Owning package, null if none owns it, undefined if not looked up or not applicable. */
  readonly package?: string | null;
  /** Ids of findings that belong with it: the connection of a process, the file that an entry starts. */
  readonly related: readonly string[];
}

export interface Reason {
  /** E.g. `pool-connection`, `fetch-pipe-shell`, `unowned`. */
  readonly code: string;
  /** Plain words, may hold host text. */
  readonly text: string;
  /** What it adds to the score; negative speaks for the thing. */
  readonly weight: number;
}

export interface Place {
  readonly path: string;
  readonly line?: number;
}

/** The thing itself, with all that an operation needs to act on it and nothing else. */
export type Subject =
  | ProcessSubject
  | ConnectionSubject
  | FileLineSubject
  | FileSubject
  | UnitSubject
  | ContainerSubject
  | AccountSubject
  | HostKeySubject
  | PackageSubject
  | DisagreementSubject
  | SettingSubject
  | SecretSubject;
export type SubjectKind = Subject['kind'];

export interface ProcessSubject {
  readonly kind: 'process';
  readonly process: ProcessIdentity;
  readonly parentPid: number;
  readonly uid: number;
  readonly commandLine: readonly string[];
  readonly workingFolder: string | null;
  readonly cgroup: string | null;
  /** Percent of one core between two samples; null if it could not be sampled. */
  readonly cpuPercent: number | null;
  readonly sessionId: number;
  /** What lies over its folder in /proc and hides it, as mounted; left out if nothing does. */
  readonly mountsOver?: readonly MountRef[];
  /** The file that runs, or the script that an interpreter was given; null if it is none; left out if it was not read. */
  readonly program?: ProgramRef | null;
}

export interface ProgramRef {
  readonly path: string;
  readonly sha256: string;
}

/** A remote end that something on the host talks to. */
export interface ConnectionSubject {
  readonly kind: 'connection';
  readonly protocol: 'tcp' | 'udp';
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: string;
  readonly process: ProcessIdentity | null;
  /** True if it was not seen in a socket table but named in an entry (a cron line that fetches from it). */
  readonly isNamedOnly: boolean;
}

/** One line of a text file that matters by itself: crontab entry, profile line, hosts line, authorized key, preload entry. */
export interface FileLineSubject {
  readonly kind: 'file-line';
  readonly role:
    | 'cron-entry'
    | 'shell-start-line'
    | 'hosts-line'
    | 'authorized-key'
    | 'preload-entry'
    | 'sudo-rule'
    | 'sshd-line'
    | 'pam-line'
    | 'resolver-line'
    | 'source-line'
    | 'kernel-setting'
    | 'listed-shell'
    | 'boot-line'
    | 'session-line'
    | 'tool-hook-line';
  readonly file: FileIdentity;
  readonly line: LineRef;
  /** For an authorized key: type, `SHA256:…` fingerprint, comment, options. For a cron entry: schedule, user, command. */
  readonly details: Readonly<Record<string, string>>;
}

/** A whole file that should go: a dropped script, a cron.d file with nothing else in it, a library. */
export interface FileSubject {
  readonly kind: 'file';
  readonly role:
    | 'cron-file'
    | 'dropped-executable'
    | 'preload-library'
    | 'script'
    | 'unit-drop-in'
    | 'shadowing-tool'
    | 'set-id-program'
    | 'hidden-file'
    | 'web-shell'
    | 'at-job'
    | 'boot-file'
    | 'session-file'
    | 'tool-hook';
  readonly file: FileIdentity;
}

export interface UnitSubject {
  readonly kind: 'unit';
  readonly unit: string;
  readonly user: string | null;
  readonly file: FileIdentity;
  readonly isEnabled: boolean;
  /** The commands it starts, as written. */
  readonly commands: readonly string[];
}

/** A container of any runtime, running or not, by what its runtime keeps on disk. */
export interface ContainerSubject {
  readonly kind: 'container';
  readonly container: ObservedContainerIdentity;
  /** As its state says; null if that does not. */
  readonly isRunning: boolean | null;
  /** The command it starts, as written. */
  readonly command: readonly string[];
}

/** What an operation recognises it by, and what only its state tells. Other runtimes than an operation's are shown too. */
export interface ObservedContainerIdentity extends Omit<ContainerIdentity, 'runtime'> {
  readonly runtime: ContainerIdentity['runtime'] | 'cri-o' | 'containerd' | 'lxc';
  /** `no`, `always`, `unless-stopped`, `on-failure`; null if the runtime keeps it where it cannot be read as text. */
  readonly restartPolicy: string | null;
  /** The image’s own id, 64 hexadecimal digits, where the runtime’s state has it. */
  readonly imageSha256?: string;
  /** The folder of its own that its state was read from. */
  readonly stateFolder: string;
}

export interface AccountSubject {
  readonly kind: 'account';
  readonly account: string;
  readonly uid: number;
  readonly shell: string;
  readonly hasPassword: boolean;
  /** Left out where neither sshd's nor sudo's files were looked at. */
  readonly rights?: AccountRights;
}

/** What an account may do, as far as the files of sshd and sudo tell. */
export interface AccountRights {
  /** sshd would take a key for it; whether there is one its keys tell. */
  readonly byKey: boolean;
  /** It has a password, and sshd would take it. */
  readonly byPassword: boolean;
  /** A `Match` block of sshd may say otherwise for some. */
  readonly isByMatch: boolean;
  /** `sudo-without-password`: sudo would ask for a password, and it has none. */
  readonly root: 'itself' | 'sudo' | 'sudo-without-password' | 'no';
}

export interface HostKeySubject {
  readonly kind: 'host-key';
  readonly file: FileIdentity;
  readonly type: string;
  readonly fingerprint: string;
}

export interface PackageSubject {
  readonly kind: 'package';
  readonly manager: 'apt' | 'dnf' | 'zypper' | 'apk' | 'windows-update';
  readonly name: string;
  readonly installed: string;
  readonly available: string;
  readonly isSecurity: boolean;
}

/** Two views of the host that ought to agree and do not. */
export interface DisagreementSubject {
  readonly kind: 'disagreement';
  readonly about: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What sets a setting right, where an operation can do it. */
export type Remedy = Extract<
  OperationTarget,
  {
    readonly kind:
      | 'set-attributes'
      | 'reinstall-package'
      | 'set-kernel-parameter'
      | 'quarantine-file'
      | 'edit-file'
      | 'end-session'
      | 'disable-entry';
  }
>;

/** How something on the host is set: it is shown, with what would set it right. */
export interface SettingSubject {
  readonly kind: 'setting';
  readonly part: SettingPart;
  /** What it is about: a path, or the name of the setting. */
  readonly name: string;
  readonly value: string;
  /** What a person would do about it, in words. */
  readonly advice: string;
  /** Left out where only a person can. */
  readonly remedy?: Remedy;
}

/** The scan scope that it belongs to. */
export type SettingPart =
  | 'entry-points'
  | 'accounts'
  | 'sudo'
  | 'sshd'
  | 'pam'
  | 'tools'
  | 'set-id'
  | 'sources'
  | 'kernel-settings'
  | 'impairment'
  | 'firewall'
  | 'preload'
  | 'packages'
  | 'web-shells'
  // Of Windows: tasks, services, what a start or a log-on starts, subscriptions to events.
  | 'cron'
  | 'units'
  | 'session'
  | 'boot';
