/** Something that has changed on the host since it was looked at last, seen without looking closely. Host text as it is. */
export type ChangeSign =
  /** In a folder that things start from, or where programs do not belong. */
  | { readonly kind: 'file'; readonly path: string }
  /** A program that did not run when the watching began. */
  | { readonly kind: 'process'; readonly pid: number; readonly name: string }
  /** A port that nothing listened on. */
  | { readonly kind: 'listener'; readonly port: number }
  /** Somebody here tries to reach an address that is blocked: packets that our rules have dropped since. */
  | { readonly kind: 'dropped'; readonly address: string; readonly packets: number };

export interface ChangeReport {
  /** Empty: the time is over, and nothing was seen. At most a few hundred. */
  readonly signs: readonly ChangeSign[];
  /** CPU time that seeing it has cost, milliseconds. */
  readonly cpuMs: number;
  /** Folders that the kernel tells of, and those that have to be asked again and again. */
  readonly noticed: number;
  readonly polled: number;
}

/** One sign in a few words. */
export function describeSign(sign: ChangeSign): string {
  switch (sign.kind) {
    case 'file':
      return `${sign.path} changed`;
    case 'process':
      return `${sign.name} (${sign.pid}) was started`;
    case 'listener':
      return `something listens on port ${sign.port}`;
    case 'dropped':
      return `${sign.packets} packets to ${sign.address} were dropped`;
  }
}
