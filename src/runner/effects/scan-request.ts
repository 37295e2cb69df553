import { filesFoundBefore } from '../../findings/found-before.ts';
import type { ScanRequest, ScanScope } from '../../findings/scan.ts';
import type { Workbench } from '../workbench.ts';

/** A look by all that the incident knows: the responder's own indicators and rules, and what they declared theirs. */
export function scanRequest(bench: Workbench, scopes: readonly ScanScope[]): ScanRequest {
  const { knowledge, declarations, steps } = bench.incident();
  return {
    scopes,
    sampleMs: bench.sampleMs,
    indicators: knowledge.indicators.map(({ name, entries }) => ({ name, entries })),
    rules: bench.rules,
    allow: declarations,
    foundBefore: filesFoundBefore(steps.flatMap(({ findings }) => findings ?? [])),
  };
}
