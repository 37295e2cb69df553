import { isOdd } from '../findings/finding.ts';
import type { EvidenceFile } from '../operations/receipt.ts';
import { formatBytes } from '../text/format.ts';
import type { StepState } from './incident.ts';

/** A finished step in a few words, for its line in the checklist: `9 found`, `214 MB`, `2 blocked`. */
export function summarize(step: StepState): string {
  const done = step.operations.filter((state) => state.status === 'done');
  if (step.definition.uses === 'triage') return `${foundCount(step)} found`;
  const back = step.watch?.returned ? `${step.watch.returned} came back` : 'nothing came back';
  if (step.watch && done.length === 0) return back;
  if (step.definition.uses === 'notify') return 'sent off';
  if (done.length === 0) return 'nothing to do';
  const evidence = done.flatMap((state): readonly EvidenceFile[] => state.evidence);
  if (done.every((state) => IS_EVIDENCE.has(state.operation.kind))) {
    return formatBytes(evidence.reduce((sum, file) => sum + file.sizeBytes, 0));
  }
  const held = done.filter((state) => state.verification?.status === 'holds').length;
  const unclear = done.length - held;
  const all = unclear > 0 ? `${held} held · ${unclear} unknown` : `${held} held`;
  return step.watch ? `${all} · ${back}` : all;
}

const IS_EVIDENCE = new Set(['collect-process', 'archive-files']);

/** Findings that somebody should look at. */
export function foundCount(step: StepState): number {
  return step.findings?.filter(isOdd).length ?? 0;
}
