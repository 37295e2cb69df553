import type { Command } from '../../engine/command.ts';
import type { Question } from '../../engine/effect.ts';
import type { IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { stepById } from '../../engine/select.ts';
import { whyNot } from '../../engine/why-not.ts';
import { describeOperation } from '../../operations/describe.ts';
import { formatDuration } from '../../text/format.ts';
import { isInHand, type Situation, shownStep, stepAfter } from '../incident/situation.ts';
import { foreign } from '../look/theme.ts';
import { countOf, kindsOf, riskSentence, sentence } from '../look/words.ts';
import { activityLine } from './activity-line.ts';
import type { Option } from './menu.ts';

/** What is to be done next, in words, and what ⏎ does: somebody who never saw this gets through by it. */
export interface Ask {
  readonly tone: 'plain' | 'ask' | 'warn' | 'bad' | 'good';
  readonly lines: readonly string[];
  readonly options: readonly Option[];
  /** What ⏎ does when no option is under the cursor; null: nothing. */
  readonly enter: Enter | null;
}

export interface Enter {
  /** For the footer, one to three words. */
  readonly label: string;
  readonly action:
    | { readonly kind: 'send'; readonly command: Command }
    | { readonly kind: 'form'; readonly form: 'approve' | 'by-hand' | 'inputs' }
    | { readonly kind: 'show-hand' }
    | { readonly kind: 'leave' };
}

export function askOf(situation: Situation, nowMs: number): Ask {
  const { view } = situation;
  const { question, incident } = view;
  if (view.isFollowing === true) {
    return plain('ask', [`Read-only: ${sentence(foreign(view.stopped ?? ''))}`, 'q leaves.']);
  }
  if (view.stopped !== null) {
    return plain('bad', [
      `Stopped: ${sentence(foreign(view.stopped))}`,
      'Nothing more can be done here; q leaves.',
    ]);
  }
  if (incident.closedAt !== null) {
    return {
      ...plain('good', ['The incident is closed. Its record can still be exported (t). ⏎ leaves.']),
      enter: { label: 'leave', action: { kind: 'leave' } },
    };
  }
  // These two cannot wait until the responder comes back from another step.
  if (question?.kind === 'confirmation') return confirmation(question, nowMs);
  if (question?.kind === 'recovery') return recovery(view, question);
  if (!isInHand(situation)) return elsewhere(situation);
  if (view.activity !== null) return plain('plain', [activityLine(view, view.activity, nowMs)]);
  return question === null ? plain('plain', ['One moment…']) : questionOf(situation, question);
}

function questionOf(situation: Situation, question: Question): Ask {
  const { view } = situation;
  switch (question.kind) {
    case 'inputs':
      return {
        ...plain('ask', [
          `Before anything else: ${countOf(question.names.length, 'value')} must be given (${question.names.map(foreign).join(', ')}).`,
        ]),
        enter: { label: 'give values', action: { kind: 'form', form: 'inputs' } },
      };
    case 'manual':
      return {
        ...plain('ask', ['This is for you to do, by hand. When it is done, ⏎ records it.']),
        enter: { label: 'record it', action: { kind: 'form', form: 'by-hand' } },
      };
    case 'failure':
      return failure(view, question);
    case 'all-finished':
      return allFinished(situation, question.unfinished.length);
    case 'approval': {
      const step = stepById(view.incident, question.stepId);
      return step === undefined ? plain('plain', ['One moment…']) : approval(view, step, question);
    }
    case 'confirmation':
    case 'recovery':
      return plain('plain', []);
  }
}

function approval(
  view: IncidentView,
  step: StepState,
  question: Extract<Question, { kind: 'approval' }>,
): Ask {
  const { plan } = step;
  const operations = plan?.operations ?? [];
  const next = stepAfter(view, step.id);
  const then = next === undefined ? 'That was the last step.' : `Then: ${foreign(next.definition.title)}.`;
  const { word } = question;
  const enter = (label: string): Enter =>
    word === null
      ? {
          label,
          action: {
            kind: 'send',
            command: { kind: 'approve-plan', stepId: step.id, planHash: question.planHash, how: 'key' },
          },
        }
      : { label, action: { kind: 'form', form: 'approve' } };
  if (plan?.watch && operations.length === 0) {
    const { forMs, everyMs } = plan.watch;
    return {
      ...plain('ask', [
        `⏎ watches for ${formatDuration(forMs)}, looking again every ${formatDuration(everyMs)}. What comes back opens its step again.`,
      ]),
      enter: enter('watch'),
    };
  }
  if (plan === null || operations.length === 0) {
    const isUnchosen =
      step.chosen.length === 0 && step.definition.uses !== 'triage' && (step.findings?.length ?? 0) > 0;
    const why = isUnchosen
      ? 'Nothing is chosen, so nothing would be done (space chooses).'
      : nothingToDo(step);
    return { ...plain('ask', [`${why} ⏎ goes on. ${then}`]), enter: enter('go on') };
  }
  // Behind a long list of findings what would be done is out of sight.
  const where = (step.findings?.length ?? 0) > MANY_FINDINGS ? '; G shows each' : '';
  const what = `${countOf(operations.length, 'operation')} (${kindsOf(operations)}${where})`;
  const does =
    word === null ? `⏎ does ${what}.` : `⏎ asks you to type “${foreign(word)}”, then does ${what}.`;
  return {
    ...plain(word === null ? 'ask' : 'warn', [`${does} ${riskSentence(plan)} ${then}`]),
    enter: enter(word === null ? 'approve & run' : `type “${foreign(word)}”`),
  };
}

const MANY_FINDINGS = 5;

function nothingToDo(step: StepState): string {
  if (step.definition.uses === 'rebuild-or-release')
    return 'Read what is advised (G to the end). Nothing would be changed now; e decides.';
  return step.definition.uses === 'triage' ? 'Read what was found (↑↓, i says why).' : 'Nothing to do here.';
}

function confirmation(question: Extract<Question, { kind: 'confirmation' }>, nowMs: number): Ask {
  const leftS = Math.max(0, Math.ceil((question.beforeMs - nowMs) / 1000));
  const command: Command = { kind: 'confirm-operation', operationId: question.operationId, how: 'responder' };
  return {
    ...plain('warn', [
      leftS > 0
        ? `You are still connected? ⏎ within ${leftS} s keeps it, otherwise it is taken back.`
        : 'The time is over: it is being taken back.',
    ]),
    enter: leftS > 0 ? { label: 'keep it', action: { kind: 'send', command } } : null,
  };
}

function recovery(view: IncidentView, question: Extract<Question, { kind: 'recovery' }>): Ask {
  const step = stepById(view.incident, question.stepId);
  const state = step?.operations.find((one) => one.operation.id === question.operationId);
  const title = state === undefined ? question.operationId : describeOperation(state.operation).title;
  return {
    ...plain('warn', [
      `Cut off: “${foreign(title)}” was begun, and it cannot be told whether it happened. ${sentence(foreign(question.detail))}`,
      'Look for yourself in another terminal, then say:',
    ]),
    options: [
      {
        id: 'did-not-happen',
        key: '1',
        label: 'It did not happen',
        detail: 'it is planned again and asked again',
      },
      { id: 'did-happen', key: '2', label: 'It did happen', detail: 'it counts as done, on your word' },
    ],
  };
}

function failure(view: IncidentView, question: Extract<Question, { kind: 'failure' }>): Ask {
  const next = stepAfter(view, question.stepId);
  const options: Option[] = [
    { id: 'again', key: 'r', label: 'Again', detail: 'look again, plan again, ask again' },
    {
      id: 'go-on',
      key: 'l',
      label: 'Leave it and go on',
      detail:
        next === undefined ? 'it stays failed' : `it stays failed; then: ${foreign(next.definition.title)}`,
    },
  ];
  if (whyNot(view, { kind: 'undo-step', stepId: question.stepId }) === null) {
    options.push({
      id: 'undo',
      key: 'u',
      label: 'Undo what was done',
      detail: 'takes this step’s changes back',
    });
  }
  return { ...plain('bad', [`Failed: ${sentence(foreign(question.reason))}`]), options };
}

function allFinished({ ui }: Situation, unfinished: number): Ask {
  const open =
    unfinished === 0
      ? 'Every step is done.'
      : `The list is through; ${countOf(unfinished, 'step')} did not end well.`;
  const exported = ui.transcriptPath === null ? '' : ` Transcript: ${foreign(ui.transcriptPath)}`;
  const options: Option[] = [
    { id: 'export', key: 't', label: 'Export the transcript', detail: 'a readable record, to hand on' },
    { id: 'close', key: 'x', label: 'Close the incident', detail: 'nothing more is added to it' },
    {
      id: 'leave',
      key: 'q',
      label: 'Leave it open',
      detail: 'the incident stays open, and resume goes on here',
    },
  ];
  // What was done already is no longer the first thing to do.
  const ordered =
    ui.transcriptPath === null
      ? options
      : options.toSorted((a, b) => Number(a.id === 'export') - Number(b.id === 'export'));
  return { ...plain(unfinished === 0 ? 'good' : 'warn', [open + exported]), options: ordered };
}

function elsewhere(situation: Situation): Ask {
  const { view } = situation;
  const step = shownStep(situation);
  if (step === undefined) return plain('plain', []);
  const command: Command = { kind: 'open-step', stepId: step.id };
  const reason = whyNot(view, command);
  const hand = 'esc goes back to the step in hand.';
  if (reason !== null) {
    return {
      ...plain('plain', [`Only looking: this step cannot be taken up now (${foreign(reason)}). ${hand}`]),
      enter: { label: 'back', action: { kind: 'show-hand' } },
    };
  }
  const what = step.status === 'todo' ? 'takes up this step out of turn' : 'takes up this step again';
  return {
    ...plain('plain', [`Only looking: this is not the step in hand. ⏎ ${what}; ${hand}`]),
    enter: { label: 'take up', action: { kind: 'send', command } },
  };
}

function plain(tone: Ask['tone'], lines: readonly string[]): Ask {
  return { tone, lines, options: [], enter: null };
}
