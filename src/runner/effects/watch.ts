import type { WatchEffect } from '../../engine/effect.ts';
import type { Vitals } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import type { Finding } from '../../findings/finding.ts';
import { stepOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';
import { type LookOutEnd, lookOut, type Sighting } from './look-out.ts';
import { stepsFor, whyReopened } from './returns.ts';

/** As many as a wide screen can show. */
const MOST_VITALS = 200;

/** Looks again and again until the time is over or something came back; then its step is opened again. */
export async function watch(bench: Workbench, effect: WatchEffect): Promise<void> {
  const { stepId, forMs, everyMs, scopes } = effect;
  const begun = stepOf(bench.incident(), stepId);
  // After a kill the time counts from when the killing is over.
  const isAfterwards = (begun.plan?.operations.length ?? 0) > 0;
  const endsAtMs = (isAfterwards ? bench.nowMs() : Date.parse(effect.startedAt)) + forMs;
  const looksBefore = begun.watch?.looks ?? 0;
  bench.begin('watching', stepId, null, endsAtMs);
  const progressed = (leftMs: number) =>
    bench.update({ progress: { done: Math.max(0, forMs - leftMs), total: forMs, unit: 'milliseconds' } });
  let vitals: readonly Vitals[] = [];
  const looked = (latest: Vitals) => {
    vitals = [...vitals, latest].slice(-MOST_VITALS);
    bench.update({ vitals });
  };
  const pace = { endsAtMs, everyMs, scopes, isEager: true, progressed, looked };
  const end = await lookOut(bench, pace, (sighting) =>
    isAfterwards
      ? backAtOnce(bench, begun, sighting, looksBefore)
      : reopen(bench, stepId, sighting).then(({ length }) => length > 0),
  );
  if (end.because === 'settled' || bench.isLeaving()) return;
  const looks = looksBefore + end.looks;
  await bench.record({ kind: 'watch-finished', stepId, looks, returned: 0, ...droppedIn(end) });
}

/** Nothing is said where nothing was dropped. */
export function droppedIn({ dropped }: LookOutEnd): { readonly dropped?: Readonly<Record<string, number>> } {
  return dropped.size === 0 ? {} : { dropped: Object.fromEntries(dropped) };
}

/** Journals what came back and opens the steps that deal with it. Returns their ids; none: nobody dealt with it before. */
export async function reopen(
  bench: Workbench,
  stepId: string,
  sighting: Sighting,
): Promise<readonly string[]> {
  const returned = sighting.outcome.findings.filter(({ verdict }) => verdict === 'malicious');
  const steps = stepsFor(bench.incident(), bench.actions, returned);
  if (steps.size === 0) return [];
  const { outcome, signs } = sighting;
  if (bench.incident().closedAt !== null)
    await bench.record({ kind: 'incident-reopened', reason: 'something came back' });
  await bench.record({ kind: 'watch-looked', stepId, returned, tookMs: outcome.tookMs });
  for (const [step, findings] of steps) {
    const reason = whyReopened('came back', findings, outcome.findings, signs);
    await bench.record({ kind: 'step-reopened', stepId: step.id, reason });
  }
  return [...steps.keys()].map(({ id }) => id);
}

/** Opens the step once more, saying what came back and what it belongs with; in the end that is left to the next ones. */
async function backAtOnce(
  bench: Workbench,
  step: StepState,
  { outcome, look }: Sighting,
  looksBefore: number,
): Promise<boolean> {
  const malicious = outcome.findings.filter(({ verdict }) => verdict === 'malicious');
  const again =
    step.plan?.watch?.mustBeGone === true
      ? stillThere(step, outcome.findings)
      : newProcesses(step, malicious);
  if (again.length === 0) return false;
  await bench.record({ kind: 'watch-looked', stepId: step.id, returned: again, tookMs: outcome.tookMs });
  if (step.plansMade >= MOST_KILLS) {
    const looks = looksBefore + look;
    await bench.record({ kind: 'watch-finished', stepId: step.id, looks, returned: again.length });
    return true;
  }
  const reason = whyReopened('came back at once', again, outcome.findings);
  await bench.record({ kind: 'step-reopened', stepId: step.id, reason });
  return true;
}

/** Killing the same thing more often than this does not help: what brings it back has to go first. */
const MOST_KILLS = 3;

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
