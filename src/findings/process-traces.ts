/** What a process shows only to who looks closer. */
import type { MountRef } from '../operations/identity.ts';

export interface HiddenBy {
  readonly how: 'not-listed' | 'mounted-over';
  /** By what it is seen all the same. */
  readonly views: readonly string[];
  /** The mount that hides it. */
  readonly point: string | null;
  /** All mounts over it, as they lie upon each other. */
  readonly mounts?: readonly MountRef[];
}

export interface ProcessTrace {
  readonly kind:
    | 'stratum-message'
    | 'stratum-url'
    | 'wallet'
    | 'pool-name'
    /** Beside the program, or opened by it. */
    | 'miner-config'
    /** In the folder that it works in. */
    | 'miner-config-near';
  readonly text: string;
  readonly place: string;
}
