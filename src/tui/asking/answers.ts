import type { IncidentHandle } from '../../engine/handle.ts';
import { stepById } from '../../engine/select.ts';
import type { Session } from '../incident/session.ts';
import { type Situation, shownStep } from '../incident/situation.ts';
import type { UiState } from '../incident/ui-state.ts';
import type { Press } from '../keys/keys.ts';
import type { Store } from '../store.ts';
import { askOf } from './ask.ts';
import type { Form } from './form.ts';
import { approveForm, byHandForm, closeForm, inputsForm } from './forms.ts';
import { type OptionId, pressOnMenu } from './menu.ts';
import { undoMenu } from './menus.ts';

export interface AnswersOptions {
  readonly handle: IncidentHandle;
  readonly session: Session;
  readonly ui: Store<UiState>;
  readonly open: (form: Form) => void;
  readonly close: () => void;
}

/** What the answers to the question of the moment do: ⏎, its options, and the menus that ask back. */
export class Answers {
  readonly #options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** ⏎ on the question line. */
  enter(situation: Situation, nowMs: number) {
    const { session, open } = this.#options;
    const ask = askOf(situation, nowMs);
    const option = ask.options[situation.ui.option];
    if (option !== undefined) return this.take(option.id);
    const action = ask.enter?.action;
    if (action === undefined) return;
    switch (action.kind) {
      case 'send':
        if (action.command.kind === 'open-step') this.#update({ stepId: null, area: null });
        void session.send(action.command);
        return;
      case 'show-hand':
        return this.#update({ stepId: null, area: null });
      case 'leave':
        void session.leave();
        return;
      default: {
        if (action.form === 'inputs') return open(inputsForm(situation.view));
        const step = shownStep(situation);
        if (step === undefined) return;
        const form = action.form === 'by-hand' ? byHandForm(step) : approveForm(situation.view, step);
        if (form !== null) open(form);
      }
    }
  }

  take(id: OptionId) {
    const { handle, session, open, close } = this.#options;
    const { question } = handle.view();
    const stepId = question !== null && 'stepId' in question ? question.stepId : null;
    switch (id) {
      case 'stay':
        return close();
      case 'leave':
        void session.leave();
        return;
      case 'stop-and-leave':
        void session.send({ kind: 'cancel' }).then(() => session.leave());
        return;
      case 'undo': {
        const step = stepById(handle.view().incident, stepId);
        if (step !== undefined) this.#update({ overlay: { kind: 'menu', menu: undoMenu(step), option: 0 } });
        return;
      }
      case 'again':
        if (stepId !== null) void session.send({ kind: 'look-again', stepId });
        return;
      case 'go-on':
        if (stepId !== null) void session.send({ kind: 'accept-failure', stepId });
        return;
      case 'did-happen':
      case 'did-not-happen':
        if (question?.kind !== 'recovery') return;
        void session.send({
          kind: 'answer-recovery',
          operationId: question.operationId,
          didHappen: id === 'did-happen',
        });
        return;
      case 'export':
        void session.exportTranscript();
        return;
      case 'close':
        return open(closeForm());
    }
  }

  pressMenu(press: Press) {
    const { ui, session, close } = this.#options;
    const { overlay } = ui.get();
    if (overlay?.kind !== 'menu') return;
    const { menu } = overlay;
    const answer = pressOnMenu(menu, overlay.option, press);
    if (answer === null) return;
    if (typeof answer === 'number') return this.#update({ overlay: { ...overlay, option: answer } });
    close();
    if (answer === 'undo' && menu.stepId !== null) {
      void session.send({ kind: 'undo-step', stepId: menu.stepId });
    } else if (answer !== 'stay') this.take(answer);
  }

  #update(change: Partial<UiState>): void {
    const { ui } = this.#options;
    ui.set({ ...ui.get(), ...change });
  }
}
