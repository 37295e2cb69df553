import type { Incident } from '../../engine/incident.ts';
import type { Finding } from '../../findings/finding.ts';
import type { ScanScope } from '../../findings/scan.ts';
import type { Workbench } from '../workbench.ts';
import { lookOut } from './look-out.ts';
import { droppedIn, reopen } from './watch.ts';

export interface WatchAlone {
  /** null: one look and no more. */
  readonly forMs: number | null;
  readonly everyMs: number;
  readonly scopes: readonly ScanScope[];
}

export interface WatchResult {
  readonly looks: number;
  /** What is malicious and had been dealt with. */
  readonly returned: readonly Finding[];
  /** Steps that were opened again. */
  readonly reopened: readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
  /** Cut short: by a signal, or because somebody took the incident over. */
  readonly wasAborted: boolean;
}

/** Watches without the playbook's going on: what comes back is journalled and opens its step, and that ends it. */
export async function watchAlone(
  bench: Workbench,
  { forMs, everyMs, scopes }: WatchAlone,
): Promise<WatchResult> {
  const stepId = watchStepId(bench.incident());
  const endsAtMs = bench.nowMs() + (forMs ?? 0);
  bench.begin('watching', stepId, null, endsAtMs);
  let returned: readonly Finding[] = [];
  let reopened: readonly string[] = [];
  const end = await lookOut(bench, { endsAtMs, everyMs, scopes, isEager: false }, async (sighting) => {
    reopened = await reopen(bench, stepId, sighting);
    if (reopened.length > 0)
      returned = sighting.outcome.findings.filter(({ verdict }) => verdict === 'malicious');
    return reopened.length > 0;
  });
  const wasAborted = end.because === 'aborted';
  const { dropped = {} } = droppedIn(end);
  if (!wasAborted || end.looks > 0)
    await bench.record({
      kind: 'watch-finished',
      stepId,
      looks: end.looks,
      returned: returned.length,
      ...droppedIn(end),
    });
  return { looks: end.looks, returned, reopened, dropped, wasAborted };
}

/** The playbook's own step for it, or the last one: a record belongs to a step. */
function watchStepId({ steps }: Incident): string {
  const own = steps.findLast(({ definition }) => definition.uses === 'watch');
  return (own ?? steps.at(-1))?.id ?? '';
}
