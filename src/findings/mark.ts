import type { FileIdentity } from '../operations/identity.ts';
import type { FileSubject, Remedy, SettingPart } from './finding.ts';

/** Something about a file or a setting that is out of the ordinary by itself; what it is worth is said in judge-mark.ts. */
export interface ObservedMark {
  readonly part: SettingPart;
  readonly code: MarkCode;
  /** What it is about: a path as seen from inside, or the name of a setting. */
  readonly name: string;
  readonly place: { readonly path: string; readonly line?: number };
  /** Where something else names it, if anything does. */
  readonly namedAt?: ObservedMark['place'];
  /** Given if the whole file may be taken away; otherwise it is only shown. */
  readonly removable: { readonly file: FileIdentity; readonly role: FileSubject['role'] } | null;
  /** What was read, for reasons and rules. Never a secret. */
  readonly details: Readonly<Record<string, string>>;
  /** What a person would do about it. */
  readonly advice: string;
  /** The operation for it, if there is one and the file stays. */
  readonly remedy?: Remedy;
  readonly times: { readonly mtimeNs: string; readonly ctimeNs: string } | null;
  readonly owner: string | null;
  readonly package: string | null | undefined;
}

export type MarkCode =
  | 'library-unowned'
  | 'library-changed'
  | 'old-library'
  | 'login-session'
  | 'entry-point'
  | 'known-hole'
  | 'open-grid'
  | 'open-port'
  | 'tool-changed'
  | 'tool-is-script'
  | 'tool-shadowed'
  | 'tool-twin'
  | 'tool-renamed'
  | 'tool-gone'
  | 'set-id'
  | 'capability'
  | 'pam-module-unowned'
  | 'pam-module-changed'
  | 'immutable'
  | 'hidden-folder'
  | 'log-emptied'
  | 'log-to-null'
  | 'history-to-null'
  | 'agent-gone'
  | 'module-rootkit'
  | 'module-without-file'
  | 'module-unowned'
  | 'module-hidden'
  | 'function-taken'
  | 'function-probed'
  | 'module-memory'
  | 'syscall-taken'
  | 'taint-unexplained'
  | 'stored-command'
  | 'runtime-socket'
  | 'database-writes-start'
  | 'database-superuser'
  | 'huge-pages-now'
  | 'msr-writes'
  | 'addresses-fixed'
  | 'other-init-now'
  | 'binfmt-now'
  | 'agent-masked'
  | 'agent-not-enabled'
  | 'record-erased'
  | 'log-removed'
  | 'journal-off'
  | 'unseen-name'
  | 'file-among-devices'
  | 'sshd-built-in'
  | 'firewall-rule'
  | 'firewall-off'
  | 'package-of-no-source'
  | 'web-shell';
