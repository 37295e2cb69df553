import type { ScanOutcome } from '../../findings/scan.ts';
import { actionOf, stepOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';
import { scanRequest } from './scan-request.ts';

/** Looks at what the step's action needs to see, and journals what concerns it. */
export async function look(bench: Workbench, stepId: string): Promise<void> {
  const step = stepOf(bench.incident(), stepId);
  const action = actionOf(bench.actions, step);
  bench.begin('looking', stepId);
  const outcome = action.scopes.length === 0 ? NOTHING : await scan(bench, action.scopes);
  if (bench.signal().aborted) {
    // Who leaves (a line that is gone, too) decides nothing: the step is looked at again when somebody is back.
    if (bench.isLeaving()) return;
    await bench.record({ kind: 'step-failed', stepId, reason: 'the look was cancelled' });
    return;
  }
  const findings = outcome.findings.filter((finding) => action.concerns(finding));
  const chosen = findings.flatMap((finding) =>
    action.isChosenAtFirst(finding, findings) ? [finding.id] : [],
  );
  await bench.record({ kind: 'step-looked', stepId, outcome: { ...outcome, findings }, chosen });
}

function scan(bench: Workbench, scopes: ScanScopes): Promise<ScanOutcome> {
  return bench.host.scan(scanRequest(bench, scopes), {
    signal: bench.signal(),
    onProgress: (scanProgress) => bench.update({ scanProgress }),
  });
}

type ScanScopes = Parameters<Workbench['host']['scan']>[0]['scopes'];

const NOTHING: ScanOutcome = { findings: [], unknowns: [], counts: {}, tookMs: 0 };
