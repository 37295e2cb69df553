import type { IsolationPolicy } from '../../operations/firewall-rules.ts';
import type { Verification } from '../../operations/receipt.ts';

/**
 * What the host's firewall is asked for, whichever tool it has.
 *
 * Rules of this boundary:
 *  - Only tables and chains of our own (operations/firewall-rules.ts) are made, changed or deleted. The one thing
 *    put among the host's own is, with iptables, a jump at the head of INPUT, OUTPUT and FORWARD.
 *  - Each change is one transaction per address family: all of it is in force or nothing is.
 *  - A token (12 hexadecimal digits) marks what one operation made, so that it can be judged and undone alone.
 */
export interface Firewall {
  readonly name: 'nft' | 'iptables';
  /** null when it can be worked with here and now; else what is missing and what to do. Reads only. */
  whyNot(families: readonly Family[]): Promise<string | null>;
  block(token: string, address: string): Promise<Change>;
  /** In force, with how many packets it has stopped. */
  verifyBlock(token: string, address: string): Promise<Verification>;
  unblock(token: string, address: string): Promise<Change>;
  /** Every address that is blocked by tourniquet now. */
  blockedAddresses(): Promise<readonly string[]>;
  /** Packets to each blocked address that were dropped on their way out. */
  droppedTo(): Promise<ReadonlyMap<string, number>>;
  isolate(token: string, policy: IsolationPolicy): Promise<Change>;
  /** What isolation is in force; null when none is. */
  isolation(): Promise<Isolation | null>;
  /** Removes the isolation with this token, or says that there is none (which is `done` as well). */
  removeIsolation(token: string): Promise<Change>;
  /** Loads a dump that {@link Isolation} gave. */
  restoreIsolation(dump: string): Promise<Change>;
  /** The words after `revert-isolation.sh SECONDS CLAIM TOKEN` (revert-timer.ts): backend, then absolute paths of its tools. */
  revertArguments(): Promise<readonly string[]>;
}

export type Family = 'ipv4' | 'ipv6';
export type Change = { readonly ok: true } | { readonly ok: false; readonly message: string };

export interface Isolation {
  readonly token: string;
  /** Of the rules without counters and handles: equal as long as nobody has changed them. */
  readonly sha256: string;
  /** Whether the drop at the end of each chain is there and is reached; if not, why. */
  readonly flaw: string | null;
  /** Packets stopped so far. */
  readonly dropped: number;
  /** Enough to load it again as it is. */
  readonly dump: string;
}
