/**
 * What ATT&CK v19 (April 2026) numbered anew when it split Defense Evasion into Stealth and Defense Impairment:
 * by the number until v18. T1562 as a whole went into T1685, Disable or Modify Tools.
 */
const RENUMBERED: Readonly<Record<string, string>> = {
  T1562: 'T1685',
  'T1562.001': 'T1685',
  'T1562.002': 'T1685.001',
  'T1562.003': 'T1690',
  'T1562.004': 'T1686',
  'T1562.008': 'T1685.002',
  'T1562.012': 'T1685.004',
  'T1070.001': 'T1685.005',
  'T1070.002': 'T1685.006',
};

/** Each once, and where v19 changed the number, both. */
export function bothNumberings(ids: readonly string[]): string[] {
  const both = ids.flatMap((id) => {
    const since19 = RENUMBERED[id];
    return since19 === undefined ? [id] : [id, since19];
  });
  return [...new Set(both)];
}
