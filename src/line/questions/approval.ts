import type { Question } from '../../engine/effect.ts';
import type { StepState } from '../../engine/incident.ts';
import { chosenAfter } from '../choose-numbers.ts';
import {
  byHandChoice,
  goChoice,
  lookAgainChoice,
  noteChoice,
  outputChoice,
  quitChoice,
  shellChoices,
  skipChoice,
  tickChoice,
  undoChoice,
} from '../common-choices.ts';
import { askMenu, type Choice, tell } from '../menu.ts';
import { oursChoice } from '../ours-choice.ts';
import {
  checklistLines,
  findingDetailLines,
  findingLines,
  headline,
  planDetailLines,
  planLines,
} from '../step-lines.ts';
import type { Talk } from '../talk.ts';
import { changeInput } from './inputs.ts';

type Approval = Extract<Question, { kind: 'approval' }>;

/** The plan of a step: what was found, what would be done, and everything that can be said to it. */
export async function askApproval(talk: Talk, question: Approval): Promise<void> {
  const { incident } = talk.handle.view();
  const step = incident.steps.find((candidate) => candidate.id === question.stepId);
  if (step === undefined) return;
  talk.say();
  talk.say(headline(step, incident));
  if (step.status === 'reopened' && step.reason !== null) talk.say(`  opened again: ${step.reason}`);
  for (const line of findingLines(step)) talk.say(line);
  for (const line of checklistLines(step)) talk.say(line);
  for (const line of step.plan === null ? [] : planLines(step.plan)) talk.say(line);
  await askMenu(talk, [
    runChoice(talk, question),
    chooseChoice(talk, step),
    whyChoice(talk, step),
    planChoice(talk, step),
    skipChoice(talk, step.id),
    byHandChoice(talk, step.id),
    undoChoice(talk),
    noteChoice(talk, step.id),
    ...shellChoices(talk, step.id),
    outputChoice(talk),
    quitChoice(talk),
    oursChoice(talk, step),
    findingsChoice(talk, step),
    lookAgainChoice(talk, step.id),
    tickChoice(talk, step.id),
    inputsChoice(talk),
    goChoice(talk),
  ]);
}

function runChoice(talk: Talk, { stepId, planHash, word, risk }: Approval): Choice {
  return {
    word: '(r)un',
    help: 'do what is planned',
    act: async () => {
      if (word === null) {
        await tell(talk, { kind: 'approve-plan', stepId, planHash, how: 'line' });
        return;
      }
      const why = risk === 'irreversible' ? 'This cannot be undone.' : 'Others may be locked out: see above.';
      const typed = await talk.ask(`${why} Type ${word} to do it, anything else to leave it >`);
      if (typed === word) await tell(talk, { kind: 'approve-plan', stepId, planHash, how: 'word' });
      else if (typed !== null) talk.say('Not done.');
    },
  };
}

function chooseChoice(talk: Talk, step: StepState): Choice {
  return {
    word: '(c)hoose',
    help: 'which findings are dealt with; `c 1 3` turns 1 and 3 on or off',
    act: async (rest) => {
      const findings = step.findings ?? [];
      if (findings.length === 0) return talk.say('Nothing was found to choose from.');
      const prompt = 'Numbers to turn on or off, or all, none, malicious, suspicious; nothing leaves it >';
      const typed = rest === '' ? await talk.ask(prompt) : rest;
      if (typed === null || typed === '') return;
      const choice = chosenAfter(typed, findings, step.chosen);
      if ('problem' in choice) return talk.say(choice.problem);
      await tell(talk, { kind: 'choose-findings', stepId: step.id, findingIds: choice.ids });
    },
  };
}

function whyChoice(talk: Talk, step: StepState): Choice {
  return {
    word: '(w)hy',
    help: 'why this step; `w 2` tells all about finding 2',
    act: async (rest) => {
      if (rest === '') {
        const { why, attack } = step.definition;
        talk.say(`  ${why}${attack.length === 0 ? '' : ` (ATT&CK ${attack.join(', ')})`}`);
        if ((step.findings ?? []).length > 0) talk.say('  `w 1` tells all about finding 1.');
        return;
      }
      const finding = step.findings?.[Number(rest) - 1];
      if (finding === undefined) return talk.say(`There is no finding ${rest}.`);
      for (const line of findingDetailLines(finding, Number(rest))) talk.say(line);
    },
  };
}

function planChoice(talk: Talk, step: StepState): Choice {
  return {
    word: '(p)lan',
    help: 'each operation with the commands that a person would type',
    act: async () => {
      for (const line of step.plan === null ? [] : planDetailLines(step.plan)) talk.say(line);
    },
  };
}

function inputsChoice(talk: Talk): Choice {
  return {
    word: '(i)nputs',
    help: 'the values that the playbook was given; `i NAME` changes one',
    isRare: true,
    act: (rest) => changeInput(talk, rest),
  };
}

function findingsChoice(talk: Talk, step: StepState): Choice {
  return {
    word: '(f)indings',
    help: 'all of them, with those judged harmless',
    isRare: true,
    act: async () => {
      for (const line of findingLines(step, true)) talk.say(line);
    },
  };
}
