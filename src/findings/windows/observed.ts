import type { FileIdentity } from '../../operations/identity.ts';

/** What a look at a Windows host reads, as it is: all text is the host's. Times are FILETIMEs (100 ns since 1601) as text. */
export interface WindowsObservation {
  readonly processes: readonly WindowsProcess[];
  readonly connections: readonly WindowsConnection[];
  readonly hosts: HostsFile | null;
  readonly tasks: readonly WindowsTask[];
  readonly runEntries: readonly RunEntry[];
  readonly services: readonly WindowsService[];
  readonly subscriptions: readonly WmiSubscription[];
  readonly startupFiles: readonly StartupFile[];
  readonly defender: DefenderState | null;
  readonly firewall: readonly FirewallProfile[];
  readonly accounts: readonly WindowsAccount[];
  readonly updates: readonly WindowsUpdate[];
  readonly sessions: readonly WindowsSession[];
  readonly remoteDesktop: RemoteDesktop | null;
  readonly phpCgi: readonly PhpCgi[];
  /** By path, in lower case; only those that were asked for. */
  readonly files: ReadonlyMap<string, FileIdentity>;
}

export interface WindowsProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** null for the idle process. */
  readonly created: string | null;
  readonly name: string;
  /** '' where it cannot be read. */
  readonly path: string;
  readonly commandLine: string;
  readonly sessionId: number;
  readonly owner: string | null;
  readonly cpuPercent: number | null;
  /** As Get-AuthenticodeSignature says: `Valid`, `NotSigned`, `HashMismatch`, …; '' if not asked. */
  readonly signature: string;
  readonly signer: string;
}

export interface WindowsConnection {
  readonly pid: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: string;
  readonly isIncoming: boolean;
}

export interface HostsFile {
  readonly path: string;
  readonly lines: readonly string[];
  readonly isUsualPlace: boolean;
}

export interface WindowsTask {
  /** With `\` at both ends. */
  readonly path: string;
  readonly name: string;
  readonly state: string;
  readonly author: string;
  readonly user: string;
  readonly isHiddenFlag: boolean;
  /** Whether the scheduler tells of it; if not, only its key in the registry does. */
  readonly isListed: boolean;
  /** Without a security descriptor the scheduler hides it. */
  readonly hasDescriptor: boolean;
  readonly actions: readonly {
    readonly kind: string;
    readonly execute: string;
    readonly arguments: string;
    readonly folder: string;
  }[];
}

export interface RunEntry {
  readonly key: string;
  readonly name: string;
  readonly data: string;
  readonly kind: 'run' | 'winlogon' | 'appinit' | 'debugger';
}

export interface WindowsService {
  readonly name: string;
  readonly displayName: string;
  readonly pathName: string;
  readonly library: string;
  readonly startMode: string;
  readonly state: string;
  readonly account: string;
  readonly pid: number;
}

export interface WmiSubscription {
  readonly filter: string;
  readonly query: string;
  readonly consumer: string;
  readonly class: string;
  readonly command: string;
}

export interface StartupFile {
  readonly path: string;
  /** Of a shortcut; else ''. */
  readonly starts: string;
  readonly arguments: string;
}

export interface DefenderState {
  readonly exclusionPath: readonly string[];
  readonly exclusionProcess: readonly string[];
  readonly exclusionExtension: readonly string[];
  readonly switchedOff: readonly string[];
  readonly isRunning: boolean;
  readonly mode: string;
}

export interface FirewallProfile {
  readonly name: string;
  readonly enabled: string;
  readonly inbound: string;
  readonly outbound: string;
  readonly localRules: string;
}

export interface WindowsAccount {
  readonly name: string;
  readonly sid: string;
  readonly rid: number;
  readonly isEnabled: boolean;
  readonly isAdministrator: boolean;
  readonly passwordRequired: boolean;
  readonly passwordChanged: string | null;
  readonly lastLogon: string | null;
}

export interface WindowsSession {
  readonly id: number;
  readonly account: string;
  readonly isActive: boolean;
  readonly isRemote: boolean;
  /** What the client calls itself; it can say anything. */
  readonly client: string;
  /** Its winlogon, which begins and ends with it. */
  readonly leaderPid: number;
  readonly leaderCreated: string;
  readonly isOwn: boolean;
}

export interface RemoteDesktop {
  readonly isOn: boolean;
  /** Who connects must log on before they are shown anything (network level authentication). */
  readonly asksFirst: boolean;
  readonly port: number;
}

/** PHP's CGI program, and what starts it. */
export interface PhpCgi {
  readonly path: string;
  readonly version: string;
  /** The number of the code page of programs that know no Unicode: `932`. */
  readonly codePage: string;
  readonly isServerRunning: boolean;
  /** Lines of Apache's that have it started as a CGI program. */
  readonly settings: readonly { readonly path: string; readonly line: number; readonly text: string }[];
}

export interface WindowsUpdate {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly articles: readonly string[];
}

export const NOTHING_OBSERVED: WindowsObservation = {
  processes: [],
  connections: [],
  hosts: null,
  tasks: [],
  runEntries: [],
  services: [],
  subscriptions: [],
  startupFiles: [],
  defender: null,
  firewall: [],
  accounts: [],
  updates: [],
  sessions: [],
  remoteDesktop: null,
  phpCgi: [],
  files: new Map(),
};
