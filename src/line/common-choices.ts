import { checklistOf, isTicked } from '../engine/checklist.ts';
import type { Incident, StepState } from '../engine/incident.ts';
import { notUndoable, undoable } from '../engine/why-not.ts';
import { describeOperation } from '../operations/describe.ts';
import { asSentence } from '../text/format.ts';
import { askText, askYes, type Choice, tell } from './menu.ts';
import { showOutput } from './show-output.ts';
import { checklistLines, headline } from './step-lines.ts';
import type { Talk } from './talk.ts';

/** What can be answered to more than one question. */

export function skipChoice(talk: Talk, stepId: string): Choice {
  return {
    word: '(s)kip',
    help: 'leave this step out; the reason stands in the transcript',
    act: async (rest) => {
      const reason = await askText(talk, 'Why is it skipped? >', rest);
      if (reason !== null) await tell(talk, { kind: 'skip-step', stepId, reason });
    },
  };
}

export function byHandChoice(talk: Talk, stepId: string): Choice {
  return {
    word: '(m)anual',
    help: 'you have done it yourself; what you did stands in the transcript',
    act: async (rest) => {
      const record = await askText(talk, 'What was done? >', rest);
      if (record !== null) await tell(talk, { kind: 'do-by-hand', stepId, record });
    },
  };
}

export function noteChoice(talk: Talk, stepId: string | null): Choice {
  return {
    word: '(n)ote',
    help: 'write something down for the transcript',
    act: async (rest) => {
      const text = await askText(talk, 'Note >', rest);
      if (text !== null && (await tell(talk, { kind: 'add-note', stepId, text }))) talk.say('Noted.');
    },
  };
}

/** Only where there is a terminal to lend; what is done in it is recorded. */
export function shellChoices(talk: Talk, stepId: string | null): readonly Choice[] {
  const { openShell = null } = talk.settings;
  if (openShell === null) return [];
  return [
    {
      word: '(!)shell',
      help: 'a shell on the host, recorded for the transcript; exit comes back',
      isRare: true,
      act: async () => {
        try {
          talk.say(await openShell(talk.handle, stepId, (during) => talk.lend(during)));
        } catch (error) {
          talk.say(asSentence(`No shell: ${error instanceof Error ? error.message : String(error)}`));
        }
      },
    },
  ];
}

/** Ticks off what was done elsewhere, in this step or (none given) in all that have something to tick off. */
export function tickChoice(talk: Talk, stepId: string | null): Choice {
  return {
    word: '(t)ick',
    help: 'tick off what you have done elsewhere; `t 2` is the second, `t 2 what you did` says how. Again takes it back',
    isRare: true,
    act: async (rest) => {
      const { incident } = talk.handle.view();
      const steps = incident.steps.filter((step) => stepId === null || step.id === stepId);
      const items = steps.flatMap((step) => checklistOf(step).map((item) => ({ step, item })));
      if (items.length === 0) return talk.say('There is nothing to tick off.');
      if (rest === '') {
        let before = 0;
        for (const step of steps) {
          const lines = checklistLines(step, before);
          if (stepId === null && lines.length > 0) talk.say(headline(step, incident));
          for (const line of lines) talk.say(line);
          before += checklistOf(step).length;
        }
        return;
      }
      const [, number = '', note = ''] = /^(\d+)\s*(.*)$/s.exec(rest) ?? [];
      const chosen = items[Number(number) - 1];
      if (chosen === undefined) return talk.say(`There is no item ${rest}: t shows all of them.`);
      const isDone = !isTicked(chosen.item);
      const said =
        isDone && note === ''
          ? await talk.ask('How, where? Never the secret itself (nothing: no word on it) >')
          : note;
      if (said === null) return;
      const command = {
        kind: 'tick-item',
        stepId: chosen.step.id,
        itemId: chosen.item.id,
        isDone,
        note: said,
      } as const;
      if (await tell(talk, command)) talk.say(isDone ? 'Ticked off.' : 'Not ticked off any more.');
    },
  };
}

export function outputChoice(talk: Talk): Choice {
  return {
    word: '(o)utput',
    help: 'what commands have printed; `o 2` shows the second, `o 2 all` the whole of it',
    act: (rest) => showOutput(talk, rest),
  };
}

export function undoChoice(talk: Talk): Choice {
  return {
    word: '(u)ndo',
    help: 'take back what a step has done; `u 4` is step 4',
    act: async (rest) => {
      const { incident } = talk.handle.view();
      const steps = incident.steps.filter((step) => undoable(step).length > 0);
      if (steps.length === 0) return talk.say('Nothing has been done that can be taken back.');
      for (const step of steps) talk.say(`  ${headline(step, incident)}`);
      const typed =
        rest === '' ? await talk.ask('Number of the step to take back, nothing to leave it >') : rest;
      const step = stepByNumber(incident, typed ?? '');
      if (step === null) return talk.say('Nothing is taken back.');
      for (const state of undoable(step))
        talk.say(`  takes back: ${describeOperation(state.operation).title}`);
      for (const state of notUndoable(step)) {
        talk.say(`  cannot take back: ${describeOperation(state.operation).title}`);
      }
      if (await askYes(talk, `Take back "${step.definition.title}"?`)) {
        await tell(talk, { kind: 'undo-step', stepId: step.id });
      }
    },
  };
}

export function goChoice(talk: Talk, isRare = true): Choice {
  return {
    word: '(g)o',
    help: 'take another step in hand; `g 4` is step 4. `g` alone shows the checklist',
    isRare,
    act: async (rest) => {
      const { incident } = talk.handle.view();
      for (const step of rest === '' ? incident.steps : []) talk.say(`  ${headline(step, incident)}`);
      const typed = rest === '' ? await talk.ask('Number of the step, nothing to stay >') : rest;
      const step = stepByNumber(incident, typed ?? '');
      if (step === null) return talk.say('Staying here.');
      await tell(talk, { kind: 'open-step', stepId: step.id });
    },
  };
}

export function lookAgainChoice(talk: Talk, stepId: string, word = '(l)ook'): Choice {
  return {
    word,
    help: 'look and plan again',
    isRare: word === '(l)ook',
    act: async () => {
      await tell(talk, { kind: 'look-again', stepId });
    },
  };
}

export function quitChoice(talk: Talk): Choice {
  return {
    word: '(q)uit',
    help: 'leave; the incident stays as it is and can be resumed',
    act: async () => {
      talk.leaving = 'the responder left';
    },
  };
}

/** A step by its number in the checklist or its id; null if there is none. */
function stepByNumber(incident: Incident, typed: string): StepState | null {
  return incident.steps.find((step, index) => typed === String(index + 1) || typed === step.id) ?? null;
}
