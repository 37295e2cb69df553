export type Integrity = 'unchanged' | 'changed' | 'not-listed' | 'not-checked';

/** Which package a file came with, and whether it still is as it came. From the host's own lists, no network. */
export interface Ownership {
  /** Real paths → package, null if none owns it, undefined if there is nobody to ask. */
  owners(paths: readonly string[]): Promise<ReadonlyMap<string, string | null | undefined>>;
  integrity(path: string, packageName: string): Promise<Integrity>;
  /** What the package says that its file hashes to, whether the file is there or not; null if it does not say. */
  digestOf(path: string, packageName: string): Promise<Digest | null>;
}

export interface Digest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256';
  readonly hex: string;
}

/** On a host with merged /usr a list may still say `/bin/x` for what is `/usr/bin/x` (and the reverse). */
export function mergeUsr(path: string): string {
  return path.replace(/^\/(bin|sbin|lib|lib32|lib64|libx32)\//, '/usr/$1/');
}
