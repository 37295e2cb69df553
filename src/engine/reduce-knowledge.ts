import { type Declaration, declarationId } from '../findings/allow.ts';
import { withAllowList } from '../findings/allow-list.ts';
import type { Event } from './event.ts';
import type { Incident, StepState } from './incident.ts';
import { lookAgain, withoutPlan } from './step-state.ts';

export type KnowledgeEvent = Extract<
  Event,
  { kind: 'knowledge-given' | 'declared-ours' | 'declaration-taken-back' }
>;

/** What a look judges by has changed: what is found from now on, and what of it shows at once. */
export function applyKnowledge(incident: Incident, event: KnowledgeEvent, by: string): Incident {
  switch (event.kind) {
    case 'knowledge-given': {
      const { indicators, rules } = incident.knowledge;
      return {
        ...incident,
        knowledge: {
          indicators: [...indicators, ...event.indicators],
          rules: [...rules, ...event.rules],
        },
      };
    }
    case 'declared-ours': {
      const { entry, reason, file } = event;
      const declared: Declaration = { id: declarationId(entry), entry, reason, by: file ?? by };
      const others = incident.declarations.filter(({ id }) => id !== declared.id);
      return {
        ...incident,
        declarations: [...others, declared],
        steps: incident.steps.map((step) => withDeclared(step, declared)),
      };
    }
    case 'declaration-taken-back':
      return {
        ...incident,
        declarations: incident.declarations.filter(({ id }) => id !== event.declarationId),
        // What it would have been without is for another look to say.
        steps: incident.steps.map((step) =>
          isOpen(step) && step.findings !== null ? lookAgain(step, step.status) : step,
        ),
      };
  }
}

/** It shows at once, and is no longer among what is dealt with. What is behind it is judged anew by the next look. */
function withDeclared(step: StepState, declared: Declaration): StepState {
  if (!isOpen(step) || step.findings === null) return step;
  const findings = step.findings.map((finding) => withAllowList(finding, [declared]));
  const changed = findings.filter((finding, index) => finding !== step.findings?.[index]);
  if (changed.length === 0) return step;
  const now = new Set(changed.map(({ id }) => id));
  return { ...withoutPlan(step), findings, chosen: step.chosen.filter((id) => !now.has(id)) };
}

function isOpen({ status }: StepState): boolean {
  return status === 'todo' || status === 'reopened';
}
