/** What a process shows only to who looks closer. */

export interface HiddenBy {
  readonly how: 'not-listed' | 'mounted-over';
  /** By what it is seen all the same. */
  readonly views: readonly string[];
  /** The mount that hides it. */
  readonly point: string | null;
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
