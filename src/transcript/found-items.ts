import type { Finding, Verdict } from '../findings/finding.ts';
import type { FoundItem, TranscriptStep } from './transcript.ts';

/** Verdicts that a summary names. */
export const WORTH_NAMING: ReadonlySet<Verdict> = new Set<Verdict>(['malicious', 'suspicious']);

/**
 * Each thing once, as the latest step that saw it judged it, worst first and of equals the one that was seen first. `back`: ids of what a watch has seen
 * since it was dealt with.
 */
export function foundItems(steps: readonly TranscriptStep[], back: ReadonlySet<string>): FoundItem[] {
  const latest = new Map<string, Finding>();
  const sameAddress = new Map<string, Set<string>>();
  for (const finding of steps.flatMap((step) => step.findings)) {
    latest.set(finding.id, finding);
    const address = addressOf(finding);
    if (address === null) continue;
    sameAddress.set(address, (sameAddress.get(address) ?? new Set()).add(finding.id));
  }
  const done = operationsByFinding(steps, 'done');
  const undone = operationsByFinding(steps, 'undone');
  return [...latest.values()]
    .sort((a, b) => b.score - a.score)
    .map((finding) => {
      // An address is seen as a connection in one step and only named in another: its block is for both.
      const alike = [...(sameAddress.get(addressOf(finding) ?? '') ?? [])];
      const titlesOf = (dealings: ReadonlyMap<string, Dealing[]>) => {
        const mine = dealings.get(finding.id) ?? [];
        const blocks = alike.flatMap((id) =>
          (dealings.get(id) ?? []).filter(({ title }) => title.startsWith('block-address ')),
        );
        const all = new Map([...mine, ...blocks].map((one) => [one.order, one.title]));
        return [...new Set([...all].sort(([a], [b]) => a - b).map(([, title]) => title))];
      };
      return {
        finding,
        dealtWithBy: titlesOf(done),
        undone: titlesOf(undone),
        hasComeBack: back.has(finding.id),
      };
    });
}

interface Dealing {
  readonly order: number;
  readonly title: string;
}

/** What changed something and stands, or was undone again, by the id of the finding that it answers. */
function operationsByFinding(
  steps: readonly TranscriptStep[],
  status: 'done' | 'undone',
): Map<string, Dealing[]> {
  const byFinding = new Map<string, Dealing[]>();
  const operations = steps.flatMap((step) => step.operations);
  for (const [order, one] of operations.entries()) {
    if (one.status !== status || one.risk === 'read-only') continue;
    for (const id of one.because) {
      const list = byFinding.get(id) ?? [];
      if (list.length === 0) byFinding.set(id, list);
      list.push({ order, title: one.title });
    }
  }
  return byFinding;
}

function addressOf({ subject }: Finding): string | null {
  return subject.kind === 'connection' ? subject.remoteAddress : null;
}
