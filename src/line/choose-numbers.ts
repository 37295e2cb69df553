import type { Finding } from '../findings/finding.ts';

export type Chosen = { readonly ids: readonly string[] } | { readonly problem: string };

/**
 * The choice after what was typed: numbers (`1 3`, `1,3`, `2-5`) turn findings on or off; `all`, `none`,
 * `malicious`, `suspicious` (with malicious) set it anew. Ids in the order of the findings. Pure.
 */
export function chosenAfter(typed: string, findings: readonly Finding[], chosen: readonly string[]): Chosen {
  const on = new Set(chosen);
  for (const word of typed
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== '')) {
    const problem = applyWord(word, findings, on);
    if (problem !== null) return { problem };
  }
  return { ids: findings.map((finding) => finding.id).filter((id) => on.has(id)) };
}

function applyWord(word: string, findings: readonly Finding[], on: Set<string>): string | null {
  const verdicts = SETS[word];
  if (verdicts !== undefined) {
    on.clear();
    for (const finding of findings) if (verdicts.includes(finding.verdict)) on.add(finding.id);
    return null;
  }
  const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(word);
  const first = Number(range?.[1]);
  const last = Number(range?.[2] ?? range?.[1]);
  if (range === null || first < 1 || last < first || last > findings.length) {
    return `"${word}" is no finding: give numbers from 1 to ${findings.length}, as in 1 3 or 2-5.`;
  }
  for (const finding of findings.slice(first - 1, last)) {
    if (!on.delete(finding.id)) on.add(finding.id);
  }
  return null;
}

const SETS: Readonly<Record<string, readonly Finding['verdict'][] | undefined>> = {
  all: ['malicious', 'suspicious', 'unknown', 'benign'],
  none: [],
  malicious: ['malicious'],
  suspicious: ['malicious', 'suspicious'],
};
