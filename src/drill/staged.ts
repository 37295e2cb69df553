import type { Look } from './look.ts';

/** What the stage script answers. */
export interface Staged {
  readonly processes: Readonly<Record<string, { readonly pid: number; readonly start: string }>>;
  readonly notes: readonly string[];
  readonly seen: Look;
}
