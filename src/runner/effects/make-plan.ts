import { createHash } from 'node:crypto';
import type { ActionPlan, PlanFacts } from '../../actions/action.ts';
import { assuranceSigns } from '../../engine/assurance-signs.ts';
import type { StepPlan } from '../../engine/event.ts';
import type { Incident, StepState } from '../../engine/incident.ts';
import { expressionScope } from '../../engine/scope.ts';
import { isIsolated } from '../../engine/select.ts';
import type { HostFacts } from '../../host/host.ts';
import { describeOperation } from '../../operations/describe.ts';
import type { Operation, RunCommand } from '../../operations/operation.ts';
import { worstRisk } from '../../operations/risk.ts';
import { shellQuote } from '../../operations/shell-quote.ts';
import { type ExpressionScope, resolveTemplate } from '../../playbook/expression.ts';
import { actionOf, stepOf } from '../lookup.ts';
import type { Workbench } from '../workbench.ts';
import { resolveCommand } from './resolve-command.ts';

/** Asks the step's action what it proposes for what was chosen, and journals the plan with its hash. */
export async function makePlan(bench: Workbench, stepId: string): Promise<void> {
  const incident = bench.incident();
  const step = stepOf(incident, stepId);
  const action = actionOf(bench.actions, step);
  bench.begin('planning', stepId);
  const scope = expressionScope(incident);
  const resolved = resolveTemplate(step.definition.with, scope);
  if ('error' in resolved) return fail(bench, stepId, resolved.error);
  const parameters = action.parameters.safeParse(resolved.value);
  if (!parameters.success) {
    const [issue] = parameters.error.issues;
    return fail(bench, stepId, `${issue?.path.join('.') ?? 'with'}: ${issue?.message ?? 'not as expected'}`);
  }
  const command = resolveCommand(step.definition, incident, bench.secrets);
  if (command !== null && 'error' in command) return fail(bench, stepId, command.error);
  const findings = step.findings ?? [];
  const place = bench.facts.cloud ?? null;
  const question = action.cloudQuestion?.(resolved.value, place, incident.id);
  const known = question && (await bench.host.responderSide?.cloud(question));
  const leftToPerson = await whatIsLeft(bench, step, scope, command);
  if (leftToPerson !== null && 'error' in leftToPerson) return fail(bench, stepId, leftToPerson.error);
  const proposed = action.plan({
    chosen: findings.filter((finding) => step.chosen.includes(finding.id)),
    findings,
    parameters: resolved.value,
    facts: {
      ...planFacts(incident, step, bench.facts),
      isResponderOnHost: bench.host.responderSide?.isOnHost ?? false,
      ...(known === undefined ? {} : { cloud: known }),
      ...(leftToPerson === null ? {} : { leftToPerson }),
    },
    command,
  });
  await bench.record({ kind: 'plan-made', stepId, plan: numbered(step, proposed, bench.facts.platform) });
}

/** Where the tool that a command of the responder's side needs cannot be used: what a person does, with the values filled in. */
async function whatIsLeft(
  { host }: Workbench,
  { definition }: StepState,
  scope: ExpressionScope,
  command: RunCommand | null,
): Promise<NonNullable<PlanFacts['leftToPerson']> | { readonly error: string } | null> {
  const { byHand } = definition;
  const why = byHand === undefined ? null : ((await host.responderSide?.tool?.(byHand.unless)) ?? null);
  if (byHand === undefined || why === null) return null;
  const told = resolveTemplate(byHand.instructions, scope);
  if ('error' in told) return told;
  const instructions = (told.value as string[]).map((text) => filledIn(text, command?.environment ?? {}));
  return { why, instructions, record: byHand.record };
}

/** `$NAME` in what a person types is the variable that the command would have had; one that is not known stays to be filled in. */
function filledIn(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(/\$([A-Z][A-Z0-9_]*)/g, (name, variable: string) => {
    const value = environment[variable] ?? '';
    return value === '' ? name : shellQuote(value);
  });
}

async function fail(bench: Workbench, stepId: string, reason: string): Promise<void> {
  await bench.record({ kind: 'step-failed', stepId, reason: `its parameters do not work out: ${reason}` });
}

function numbered(step: StepState, proposed: ActionPlan, platform: HostFacts['platform']): StepPlan {
  const number = step.plansMade + 1;
  const operations = proposed.operations.map(
    ({ target, because }, index): Operation => ({
      id: `${step.id}.${number}.${index + 1}`,
      ...target,
      because,
      ...(platform === 'win32' ? { platform } : {}),
    }),
  );
  const risks = operations.map((operation) => describeOperation(operation).risk);
  return {
    number,
    operations,
    hash: createHash('sha256').update(JSON.stringify(operations)).digest('hex'),
    risk: worstRisk(step.definition.risk === null ? risks : [...risks, step.definition.risk]),
    checkedAfter: proposed.checkedAfter,
    remarks: proposed.remarks,
    ...(proposed.byHand === undefined ? {} : { byHand: proposed.byHand }),
    ...(proposed.word === undefined ? {} : { word: proposed.word }),
    watch: proposed.watch ?? null,
  };
}

function planFacts(incident: Incident, step: StepState, facts: HostFacts): PlanFacts {
  const index = incident.steps.findIndex((candidate) => candidate.id === step.id);
  return {
    isRoot: facts.isRoot,
    isDrill: facts.isDrill,
    hostname: facts.hostname,
    responderAddress: facts.responder.peerAddress,
    responderAccount: facts.responder.account,
    packageManager: facts.packageManager,
    firewall: facts.firewall,
    isIsolated: isIsolated(incident),
    preload: facts.preload ?? null,
    volumes: facts.volumes ?? [],
    cloudPlace: facts.cloud ?? null,
    stepsBefore: incident.steps.slice(0, index).map(({ id, definition, status }) => {
      return { id, title: definition.title, isDone: status === 'done' || status === 'by-hand' };
    }),
    signs: assuranceSigns(incident, step.id),
  };
}
