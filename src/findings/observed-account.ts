/** Whoever is in one of them starts containers as root, with the host’s files in them. */
export const RUNTIME_GROUP = /^(docker|lxd|incus-admin)$/;

/** An account that somebody can log in with, or that is odd; never with its hash. */
export interface ObservedAccount {
  readonly account: string;
  readonly uid: number;
  readonly gid: number;
  /** Names of its groups, its own one among them (group(5)). */
  readonly groups: readonly string[];
  readonly home: string;
  readonly shell: string;
  readonly hasPassword: boolean;
  readonly keyCount: number;
  /** By lastlog, ms since 1970; null: never, or nobody keeps it. */
  readonly lastLoginMs: number | null;
  /** Of passwd, shadow and group the file that was changed last: what an account is stands in all three. */
  readonly changed: { readonly mtimeNs: string; readonly ctimeNs: string } | null;
  readonly place: { readonly path: string; readonly line: number };
  readonly isUidShared: boolean;
  /** Hash in field 2 of passwd itself. */
  readonly hasHashInPasswd: boolean;
  /** By a shell that lets in, or a password or key with one. */
  readonly canLogIn: boolean;
  /** Where its shell comes from: `blank` is a program with a blank at the end of its name. */
  readonly shellFile: 'package' | 'unowned' | 'blank' | 'missing' | 'not-known';
}
