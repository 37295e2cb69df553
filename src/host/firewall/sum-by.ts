/** Adds up the numbers of rules that are about the same address. */
export function sumBy<T>(
  rules: readonly T[],
  read: (rule: T) => readonly [address: string, packets: number],
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const rule of rules) {
    const [address, packets] = read(rule);
    sums.set(address, (sums.get(address) ?? 0) + packets);
  }
  return sums;
}
