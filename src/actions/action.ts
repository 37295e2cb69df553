import type { z } from 'zod';
import type { AssuranceSigns } from '../findings/assurance.ts';
import type { Finding } from '../findings/finding.ts';
import type { PreloadSeen } from '../findings/preload-words.ts';
import type { ScanScope } from '../findings/scan.ts';
import type { CloudFacts, CloudPlace, CloudQuestion } from '../operations/cloud.ts';
import type { VolumeRef } from '../operations/identity.ts';
import type { OperationTarget, RunCommand } from '../operations/operation.ts';
import type { ActionDescription } from '../playbook/catalogue.ts';

/**
 * What a step uses. Pure: from what was found, what was chosen and the parameters to the operations proposed.
 * Adding one is adding a file here and a line in registry.ts.
 */
export interface Action extends ActionDescription {
  /** What must be looked at for it; empty: nothing. */
  readonly scopes: readonly ScanScope[];
  /** It takes away what it concerns, so a thing that comes back opens its step again. */
  readonly isRemedy: boolean;
  /** Which of the findings belong to the step: can be chosen, or are worth showing there. */
  concerns(finding: Finding): boolean;
  /** Ticked before the responder has said anything. `findings`: all that concern the action. */
  isChosenAtFirst(finding: Finding, findings: readonly Finding[]): boolean;
  /** What has to be asked of the cloud before it can plan; `parameters` as resolved, `label` the incident's id. */
  cloudQuestion?(parameters: unknown, place: CloudPlace | null, label: string): CloudQuestion;
  /** `parameters` have passed the action's own schema. */
  plan(input: PlanInput): ActionPlan;
}

export interface PlanInput {
  /** Those chosen, worst first. */
  readonly chosen: readonly Finding[];
  /** All of the latest look that concern the action. */
  readonly findings: readonly Finding[];
  readonly parameters: unknown;
  readonly facts: PlanFacts;
  /** The step's own command, worked out; null for a step without `run:`. */
  readonly command: RunCommand | null;
}

/** What of the host and of the incident so far an action may depend on. */
export interface PlanFacts {
  readonly isRoot: boolean;
  readonly isDrill: boolean;
  readonly hostname: string;
  readonly responderAddress: string | null;
  readonly responderAccount: string;
  readonly packageManager: 'apt' | 'dnf' | 'zypper' | 'apk' | 'none';
  readonly firewall: 'nft' | 'iptables' | 'windows' | 'none';
  /** An isolate-host operation of this incident is in force. */
  readonly isIsolated: boolean;
  /** What the host loads into every program; null or left out: nothing. */
  readonly preload?: PreloadSeen | null;
  /** What of the host can be snapshotted by itself. */
  readonly volumes?: readonly VolumeRef[];
  /** What the host says of where it runs; null where it is in no cloud that is known. */
  readonly cloudPlace?: CloudPlace | null;
  /** Set where the tool that the step's command needs cannot be used: what a person does instead, and why. */
  readonly leftToPerson?: NonNullable<ActionPlan['byHand']> & { readonly why: string };
  /** The answer to `cloudQuestion`; left out where nobody could be asked. */
  readonly cloud?: CloudFacts;
  /** The responder sits at the host itself. */
  readonly isResponderOnHost?: boolean;
  /** The steps above this one; done by hand is done. */
  readonly stepsBefore: readonly { readonly id: string; readonly title: string; readonly isDone: boolean }[];
  /** What the incident has shown so far that bears on trusting the host. */
  readonly signs: AssuranceSigns;
}

export interface ActionPlan {
  readonly operations: readonly PlannedOperation[];
  /** What will be checked afterwards, in words. */
  readonly checkedAfter: string;
  /** Worth saying before approval. */
  readonly remarks: readonly string[];
  /** See StepPlan.byHand. */
  readonly byHand?: { readonly instructions: readonly string[]; readonly record: readonly string[] };
  /** Must be typed for the approval, though it can be undone; the remarks say why. Left out: a key is enough. */
  readonly word?: string;
  /** See StepPlan.watch. */
  readonly watch?: {
    readonly forMs: number;
    readonly everyMs: number;
    readonly scopes: readonly ScanScope[];
    readonly mustBeGone?: boolean;
  };
}

export interface PlannedOperation {
  readonly target: OperationTarget;
  /** Ids of the findings that it answers. */
  readonly because: readonly string[];
}

/** Parameters as the action's schema gives them, typed. */
export function parametersOf<S extends z.ZodObject>(schema: S, input: PlanInput): z.infer<S> {
  return schema.parse(input.parameters);
}

export function isMalicious(finding: Finding): boolean {
  return finding.verdict === 'malicious';
}

export function isNever(): boolean {
  return false;
}
