import type { ActionPlan } from '../../src/actions/action.ts';
import { cloud } from '../../src/actions/cloud.ts';
import { performCall, prepareCall, undoCall, verifyCall } from '../../src/cloud/make-calls.ts';
import type { CloudProvider } from '../../src/cloud/provider.ts';
import { withResponderSide } from '../../src/cloud/responder-side.ts';
import type { CloudPlace } from '../../src/operations/cloud.ts';
import type { OperationOf } from '../../src/operations/operation.ts';
import type { OperationProgress } from '../../src/operations/progress.ts';
import type { Receipt } from '../../src/operations/receipt.ts';
import { paperHost } from '../support/paper-host.ts';
import { planFacts } from '../support/plan-facts.ts';

export type Call = OperationOf<'cloud-call'>;

/** A cloud step as the runner goes through it: asked, planned, prepared, performed, verified, undone. */
export function cloudDriver(provider: CloudProvider, place: CloudPlace | null) {
  const host = withResponderSide(paperHost(), {
    isOnHost: false,
    isDrill: false,
    own: async () => paperHost(),
    provider: async () => provider,
  });
  const listening = { onProgress: (progress: OperationProgress) => void seen.push(progress) };
  const seen: OperationProgress[] = [];
  return {
    progress: seen,
    async plan(parameters: Readonly<Record<string, unknown>>, where = place): Promise<ActionPlan> {
      const question = cloud.cloudQuestion?.(parameters, where, 'web-07-20261123');
      if (question === undefined) throw new Error('the action asks nothing');
      const known = await host.responderSide?.cloud(question);
      return cloud.plan({
        ...{ chosen: [], findings: [], parameters, command: null },
        facts: { ...planFacts(), cloudPlace: where, ...(known === undefined ? {} : { cloud: known }) },
      });
    },
    async do(call: Call): Promise<Receipt> {
      const prepared = await prepareCall(call, provider);
      if (prepared.status === 'refused') throw new Error(`refused: ${prepared.refusal.message}`);
      const outcome = await performCall(call, prepared.receipt, provider, listening, 1);
      if (outcome.status === 'failed') throw new Error(`failed: ${outcome.message}`);
      return outcome.receipt;
    },
    prepare: (call: Call) => prepareCall(call, provider),
    perform: (call: Call, receipt: Receipt) => performCall(call, receipt, provider, listening, 1),
    verify: (call: Call, receipt: Receipt) => verifyCall(call, receipt, provider),
    undo: (call: Call, receipt: Receipt) => undoCall(call, receipt, provider, {}),
  };
}

export function callsOf(plan: ActionPlan): readonly Call[] {
  return plan.operations.map(
    ({ target }, index) => ({ id: `x.1.${index + 1}`, because: [], ...target }) as Call,
  );
}
