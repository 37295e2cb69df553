import type { z } from 'zod';
import type { Finding } from '../findings/finding.ts';
import type { ScanScope } from '../findings/scan.ts';
import type { OperationTarget } from '../operations/operation.ts';
import type { Risk } from '../operations/risk.ts';

/**
 * What a step uses. Pure: from what was found, what was chosen and the parameters to the operations proposed.
 * Adding one is adding a file here and a line in registry.ts.
 */
export interface Action<P = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Strict; every parameter with a description. */
  readonly parameters: z.ZodObject;
  /** What must be looked at for it. */
  readonly scopes: readonly ScanScope[];
  /** Which of the findings it can do something about (or shows). */
  concerns(finding: Finding): boolean;
  plan(input: PlanInput<P>): ActionPlan;
}

export interface PlanInput<P> {
  /** Those chosen, worst first. */
  readonly chosen: readonly Finding[];
  /** All of the latest look that concern the action. */
  readonly findings: readonly Finding[];
  readonly parameters: P;
  readonly facts: PlanFacts;
}

/** What of the host and of the incident so far an action may depend on. */
export interface PlanFacts {
  readonly isRoot: boolean;
  readonly isDrill: boolean;
  readonly responderAddress: string | null;
  readonly responderAccount: string;
  readonly responderKeyFingerprint: string | null;
  readonly packageManager: 'apt' | 'dnf' | 'apk' | 'none';
  /** True while an isolate-host operation of this incident holds. */
  readonly isIsolated: boolean;
  /** Ids of mandatory steps before this one that are not done. */
  readonly openStepIds: readonly string[];
}

export interface ActionPlan {
  readonly operations: readonly PlannedOperation[];
  readonly checkedAfter: string;
  readonly remarks: readonly string[];
  /** See StepPlan.watch. */
  readonly watch?: {
    readonly forMs: number;
    readonly everyMs: number;
    readonly scopes: readonly ScanScope[];
  };
  /** Raises the plan's risk above that of its operations. */
  readonly risk?: Risk;
}

export interface PlannedOperation {
  readonly target: OperationTarget;
  readonly because: readonly string[];
}
