import type { WatchEffect } from '../../engine/effect.ts';
import type { StepState } from '../../engine/incident.ts';
import type { Finding } from '../../findings/finding.ts';
import { stepOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';

/** Looks again and again until the time is over or something came back; then its step is opened again. */
export async function watch(bench: Workbench, effect: WatchEffect): Promise<void> {
  const { stepId } = effect;
  const endsAtMs = Date.parse(effect.startedAt) + effect.forMs;
  let looks = stepOf(bench.incident(), stepId).watch?.looks ?? 0;
  bench.begin('watching', stepId, null, endsAtMs);
  while (!bench.signal().aborted) {
    const request = { scopes: effect.scopes, sampleMs: bench.sampleMs };
    const outcome = await bench.host.scan(request, { signal: bench.signal() });
    if (bench.signal().aborted) break;
    looks += 1;
    const returned = outcome.findings.filter((finding) => finding.verdict === 'malicious');
    const reopened = stepsFor(bench, returned);
    if (reopened.size > 0) {
      await bench.record({ kind: 'watch-looked', stepId, returned, tookMs: outcome.tookMs });
      for (const [step, findings] of reopened) {
        const reason = `came back: ${findings.map((finding) => finding.title).join(', ')}`;
        await bench.record({ kind: 'step-reopened', stepId: step.id, reason });
      }
      return;
    }
    const left = endsAtMs - bench.nowMs();
    if (left <= 0) break;
    const total = effect.forMs;
    bench.update({ progress: { done: Math.max(0, total - left), total, unit: 'milliseconds' } });
    await bench.pause(Math.min(effect.everyMs, left));
  }
  if (bench.isLeaving()) return;
  await bench.record({ kind: 'watch-finished', stepId, looks, returned: 0 });
}

/** Which steps deal with what came back: for each finding the first remedy of the playbook that concerns it. */
function stepsFor(bench: Workbench, returned: readonly Finding[]): Map<StepState, Finding[]> {
  const remedies = bench.incident().steps.filter((step) => bench.actions.get(step.definition.uses)?.isRemedy);
  const found = new Map<StepState, Finding[]>();
  for (const finding of returned) {
    const step = remedies.find(
      // What the responder skipped or left failed was their decision; it does not come up again and again.
      (candidate) =>
        (candidate.status === 'done' || candidate.status === 'by-hand') &&
        bench.actions.get(candidate.definition.uses)?.concerns(finding),
    );
    if (step) found.set(step, [...(found.get(step) ?? []), finding]);
  }
  return found;
}
