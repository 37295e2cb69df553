import type { Look } from './look.ts';

/** What the stage script answers. */
export interface Staged {
  readonly processes: Readonly<Record<string, { readonly pid: number; readonly start: string }>>;
  /** By what they are: the mount points. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly seen: Look;
}
