import type { WatchEffect } from '../../engine/effect.ts';
import type { StepState } from '../../engine/incident.ts';
import type { Finding } from '../../findings/finding.ts';
import { stepOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';
import { scanRequest } from './scan-request.ts';

/** Looks again and again until the time is over or something came back; then its step is opened again. */
export async function watch(bench: Workbench, effect: WatchEffect): Promise<void> {
  const { stepId } = effect;
  const begun = stepOf(bench.incident(), stepId);
  // After a kill the time counts from when the killing is over.
  const isAfterwards = (begun.plan?.operations.length ?? 0) > 0;
  const endsAtMs = (isAfterwards ? bench.nowMs() : Date.parse(effect.startedAt)) + effect.forMs;
  let looks = stepOf(bench.incident(), stepId).watch?.looks ?? 0;
  bench.begin('watching', stepId, null, endsAtMs);
  while (!bench.signal().aborted) {
    const request = scanRequest(bench, effect.scopes);
    const outcome = await bench.host.scan(request, { signal: bench.signal() });
    if (bench.signal().aborted) break;
    looks += 1;
    const malicious = outcome.findings.filter((finding) => finding.verdict === 'malicious');
    if (isAfterwards) {
      const isGone = begun.plan?.watch?.mustBeGone === true;
      const again = isGone ? stillThere(begun, outcome.findings) : newProcesses(begun, malicious);
      if (again.length > 0) return await backAtOnce(bench, begun, { again, looks, ...outcome });
    }
    const returned = isAfterwards ? [] : malicious;
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

/** Processes that were not there when the step looked: under whatever name, they came since. */
function newProcesses(step: StepState, malicious: readonly Finding[]): Finding[] {
  const known = new Set(step.findings?.map(({ id }) => id));
  return malicious.filter(({ subject, id }) => subject.kind === 'process' && !known.has(id));
}

/** What was chosen and is still found by what found it: the change held, and something has made it anew. */
function stillThere(step: StepState, findings: readonly Finding[]): Finding[] {
  const chosen = new Set(step.chosen);
  return findings.filter(
    ({ id, verdict, subject }) => chosen.has(id) && verdict !== 'benign' && subject.kind !== 'process',
  );
}

interface Return {
  readonly again: readonly Finding[];
  readonly findings: readonly Finding[];
  readonly looks: number;
  readonly tookMs: number;
}

/** Opens the step once more, saying what came back and what it belongs with; in the end that is left to the next ones. */
async function backAtOnce(bench: Workbench, step: StepState, seen: Return): Promise<void> {
  const { again, looks, tookMs } = seen;
  await bench.record({ kind: 'watch-looked', stepId: step.id, returned: again, tookMs });
  if (step.plansMade >= MOST_KILLS) {
    await bench.record({ kind: 'watch-finished', stepId: step.id, looks, returned: again.length });
    return;
  }
  const ids = new Set(again.flatMap(({ related }) => related));
  const behind = seen.findings.filter(
    ({ id, subject, verdict }) => ids.has(id) && subject.kind !== 'connection' && verdict === 'malicious',
  );
  const belongs =
    behind.length === 0 ? '' : `, which belongs with ${behind.map(({ title }) => title).join(', ')}`;
  const by = startersOf(again, seen.findings);
  const started = by.length === 0 ? '' : `, started by ${by.join(', ')}`;
  const reason = `came back at once: ${again.map(({ title }) => title).join(', ')}${started}${belongs}`;
  await bench.record({ kind: 'step-reopened', stepId: step.id, reason });
}

/** What has started those that came back, as far as it shows: a parent that was found, or the unit they are in. */
function startersOf(again: readonly Finding[], findings: readonly Finding[]): string[] {
  const found = again.flatMap(({ subject }) => {
    if (subject.kind !== 'process') return [];
    const parent = findings.find(
      (other) => other.subject.kind === 'process' && other.subject.process.pid === subject.parentPid,
    );
    const unit = /\/([^/]+\.(?:service|timer))$/.exec(subject.cgroup ?? '')?.[1];
    return [...(parent === undefined ? [] : [parent.title]), ...(unit === undefined ? [] : [unit])];
  });
  return [...new Set(found)];
}

/** Killing the same thing more often than this does not help: what brings it back has to go first. */
const MOST_KILLS = 3;

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
