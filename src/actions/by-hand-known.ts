/** What is known of a host for the instructions, quoted for a shell; a word in capitals where it is not. */
export interface KnownByHand {
  readonly instance: string;
  readonly region: string;
  readonly disks: readonly string[];
  readonly interfaces: readonly string[];
  readonly groups: readonly string[];
  readonly role: string;
  readonly keys: readonly string[];
  readonly addresses: readonly string[];
  readonly image: string;
}

export function told(instructions: readonly string[], record: readonly string[]) {
  return { instructions, record };
}
