import type { RuleMatch } from '../../findings/file-rules.ts';

/** What the thread that YARA runs in is given, and says. */
export interface RuleJob {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
}

export type RuleAnswer =
  /** Once, at first. For each file that is wrong its name and what the compiler says of it. */
  | { readonly kind: 'compiled'; readonly faults: readonly (readonly string[])[] }
  | {
      readonly kind: 'scanned';
      readonly id: number;
      readonly matches: readonly RuleMatch[];
      readonly failure: string | null;
    };
