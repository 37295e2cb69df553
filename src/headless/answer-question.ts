import type { Command } from '../engine/command.ts';
import type { Question } from '../engine/effect.ts';
import type { Incident, StepState } from '../engine/incident.ts';
import { describeOperation } from '../operations/describe.ts';
import { isWithin, type Risk } from '../operations/risk.ts';
import { asSentence } from '../text/format.ts';
import type { Ending } from './headless-result.ts';

/** What the responder allowed beforehand. */
export interface Mandate {
  /** `--yes`. Without it, only what changes nothing is done. */
  readonly approve: boolean;
  /** `--max-risk`. */
  readonly maxRisk: Risk;
  /** `--choose`: `suspicious` deals with those too; `malicious` leaves the choice as it is. */
  readonly choose: 'malicious' | 'suspicious';
}

export type Answer = { readonly command: Command } | { readonly ending: Ending };

/** What to answer when nobody is there. Never more than the mandate says; where it says nothing, the run ends. Pure. */
export function answerQuestion(question: Question, incident: Incident, mandate: Mandate): Answer {
  switch (question.kind) {
    case 'approval':
      return answerApproval(question, incident, mandate);
    case 'confirmation':
      return {
        command: { kind: 'confirm-operation', operationId: question.operationId, how: 'two-sided-test' },
      };
    case 'manual':
      return {
        command: { kind: 'skip-step', stepId: question.stepId, reason: 'nobody there to do it by hand' },
      };
    case 'failure': {
      const title = titleOf(incident, question.stepId);
      return end('failed', question.stepId, null, [
        asSentence(`${title} failed: ${question.reason}`),
        'Nothing after it was done. Resume the incident to try again, leave the step or undo it.',
      ]);
    }
    case 'recovery': {
      const state = stepOf(incident, question.stepId)?.operations.find(
        (candidate) => candidate.operation.id === question.operationId,
      );
      const name = state === undefined ? question.operationId : describeOperation(state.operation).title;
      return end('needs-approval', question.stepId, null, [
        asSentence(`${name} was cut off and it cannot be told whether it happened: ${question.detail}`),
        'A person must say. Resume the incident in a terminal.',
      ]);
    }
    case 'inputs':
      return endForInputs(question.names, incident);
    case 'all-finished':
      return { command: { kind: 'close-incident', reason: closingReason(question.unfinished) } };
  }
}

/** A secret is never given on a command line, where others can read it. */
function endForInputs(names: readonly string[], incident: Incident): Answer {
  const secret = names.filter((name) => incident.playbook.inputs[name]?.isSecret === true);
  const others = names.filter((name) => !secret.includes(name));
  return end('needs-input', null, others.map((name) => `--input ${name}=VALUE`).join(' ') || null, [
    `The playbook needs ${names.join(', ')}, and nobody is there to ask.`,
    ...(secret.length === 0
      ? []
      : [`${secret.join(', ')} is kept secret, and only asked for in a terminal or in line mode.`]),
  ]);
}

function answerApproval(
  question: Extract<Question, { kind: 'approval' }>,
  incident: Incident,
  mandate: Mandate,
): Answer {
  const { stepId, planHash, word } = question;
  // What a person is asked twice for is not waved through by a milder mandate.
  const risk = word === null ? question.risk : 'irreversible';
  const isAskedTwice = risk !== question.risk;
  const step = stepOf(incident, stepId);
  const wider = mandate.choose === 'suspicious' ? withSuspicious(step) : null;
  if (wider !== null) return { command: { kind: 'choose-findings', stepId, findingIds: wider } };

  const isHarmless = risk === 'read-only' || step?.plan?.operations.length === 0;
  if (isHarmless || (mandate.approve && isWithin(risk, mandate.maxRisk))) {
    return { command: { kind: 'approve-plan', stepId, planHash, how: 'unattended' } };
  }
  const flag = [...(mandate.approve ? [] : ['--yes']), `--max-risk ${risk}`].join(' ');
  const limit = mandate.approve
    ? `only what is ${mandate.maxRisk} or milder was allowed`
    : 'nothing that changes the host was allowed';
  return end('needs-approval', stepId, flag, [
    `${titleOf(incident, stepId)} ${isAskedTwice ? 'may lock people out' : `is ${risk}`}, and ${limit}. It was not done, nor anything after it.`,
    `It would: ${planText(step)}.`,
    ...(isAskedTwice ? (step?.plan?.remarks.slice(0, MOST_REMARKS) ?? []) : []),
    `Look at the plan and resume the incident, with ${flag} if it may be done unattended.`,
  ]);
}

/** The plan in a line: the first operations, and how many more. */
function planText(step: StepState | undefined): string {
  const titles = (step?.plan?.operations ?? []).map((operation) => describeOperation(operation).title);
  const more = titles.length > MOST_TITLES ? `, and ${titles.length - MOST_TITLES} more` : '';
  return `${titles.slice(0, MOST_TITLES).join(', ')}${more}`;
}

const MOST_TITLES = 5;
/** Those of what would be left come first. */
const MOST_REMARKS = 3;

/** The choice with all that is suspicious added; null if there is nothing to add. */
function withSuspicious(step: StepState | undefined): readonly string[] | null {
  const chosen = new Set(step?.chosen);
  const missing = (step?.findings ?? []).filter(
    (finding) => WORTH_CHOOSING.has(finding.verdict) && !chosen.has(finding.id),
  );
  return missing.length === 0 ? null : [...chosen, ...missing.map((finding) => finding.id)];
}

const WORTH_CHOOSING = new Set(['malicious', 'suspicious']);

function closingReason(unfinished: readonly string[]): string {
  return unfinished.length === 0
    ? 'unattended run finished'
    : `unattended run finished; not done: ${unfinished.join(', ')}`;
}

function stepOf(incident: Incident, stepId: string): StepState | undefined {
  return incident.steps.find((step) => step.id === stepId);
}

function titleOf(incident: Incident, stepId: string): string {
  return stepOf(incident, stepId)?.definition.title ?? stepId;
}

function end(
  result: Ending['result'],
  stepId: string | null,
  flag: string | null,
  sentences: readonly string[],
): Answer {
  return { ending: { result, stepId, flag, message: sentences.join(' ') } };
}
