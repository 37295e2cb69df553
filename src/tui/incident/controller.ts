import { type ChecklistItem, isTicked } from '../../engine/checklist.ts';
import type { IncidentHandle, IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { declarationOf } from '../../findings/allow-list.ts';
import { Answers } from '../asking/answers.ts';
import { askOf } from '../asking/ask.ts';
import { type Form, moveTo, pasteIntoForm, typeIntoForm } from '../asking/form.ts';
import { fieldProblem, soFar, submitForm } from '../asking/form-submit.ts';
import {
  byHandForm,
  closeForm,
  inputsForm,
  noteForm,
  oursForm,
  skipForm,
  tickForm,
} from '../asking/forms.ts';
import { leaveMenu, undoMenu } from '../asking/menus.ts';
import { fieldText, textField } from '../asking/text-field.ts';
import { bindingFor, type KeyId } from '../keys/keymap.ts';
import type { Press } from '../keys/keys.ts';
import { moveBy, movePage, moveToEnd, otherArea, pageTop } from '../keys/moves.ts';
import { Choosing } from '../lists/choosing.ts';
import { pasteIntoPickList, pickEntries, pickList, pressOnPickList } from '../lists/pick-list.ts';
import { nextFilter } from '../lists/step-filter.ts';
import { emptyLayout, type Layout } from '../look/layout.ts';
import { foreign } from '../look/theme.ts';
import { OutputReader, type SaveOutput } from '../pager/output-reader.ts';
import { itemText } from '../rows/item-text.ts';
import { createIncidentStore, createStore, type Store } from '../store.ts';
import { Attention } from '../terminal/attention.ts';
import type { Signals } from '../terminal/signals.ts';
import { Session, type SessionOptions } from './session.ts';
import { itemAt, type Situation, shownStep, stepInHandId } from './situation.ts';
import type { PickList } from './ui-state.ts';
import { FIRST_UI, type Message, type UiState } from './ui-state.ts';

export interface ControllerOptions extends Omit<SessionOptions, 'ui'> {
  readonly signals: Signals;
  readonly saveOutput: SaveOutput;
  readonly suspend: () => void;
  readonly redraw: () => void;
  readonly readMs: () => number;
  /** ⏎ is not an answer to a question that has been on the screen for less than this. */
  readonly settleMs: number;
  /** What the responder types in a shell to go on with this incident. */
  readonly resumeCommand: string;
}

/**
 * What keys do. Lives outside React, so that keys which arrive together are each handled against the state that
 * the one before left, and so that it can be tested without a screen.
 */
export class Controller {
  readonly handle: IncidentHandle;
  readonly incident: Store<IncidentView> & { close(): void };
  readonly ui: Store<UiState> = createStore(FIRST_UI);
  /** Written by the screen after each drawing. */
  readonly layout: Layout = emptyLayout();
  readonly output: OutputReader;
  readonly session: Session;
  readonly #options: ControllerOptions;
  readonly #choosing: Choosing;
  readonly #answers: Answers;
  readonly #attention: Attention;
  #questionKey = '';
  /** The step that was in hand: the cursor begins anew with another, and stays where it is while one chooses. */
  #handId: string | null = null;
  #questionSinceMs: number;
  readonly #unsubscribe: () => void;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.ui.set({ ...FIRST_UI, resumeCommand: options.resumeCommand });
    this.handle = options.handle;
    this.incident = createIncidentStore(options.handle);
    this.output = new OutputReader({ ...options, ui: this.ui });
    this.#attention = new Attention(options.handle, options.signals, options.readMs);
    this.session = new Session({ ...options, ui: this.ui });
    this.#answers = new Answers({
      handle: options.handle,
      session: this.session,
      ui: this.ui,
      open: (form) => this.#open(form),
      close: () => this.#closeOverlay(),
    });
    this.#choosing = new Choosing(
      options.handle,
      (choice) => this.update({ choice }),
      (text) => this.say(text, 'warn'),
    );
    this.#questionKey = questionKey(this.handle.view());
    this.#questionSinceMs = options.readMs();
    this.#unsubscribe = this.incident.subscribe(() => this.#onIncident());
    this.#openInputs();
  }

  close(): void {
    this.#unsubscribe();
    this.output.close();
    this.incident.close();
  }

  situation(): Situation {
    return { view: this.handle.view(), ui: this.ui.get() };
  }

  update(change: Partial<UiState>): void {
    this.ui.set({ ...this.ui.get(), ...change });
  }

  say(text: string, tone: Message['tone']): void {
    this.session.say(text, tone);
  }

  press(press: Press) {
    const { overlay, busy, message } = this.ui.get();
    if (busy !== null) {
      // While it waits for a safe point, what runs can still be stopped.
      if (press.name === 'c' || press.name === 'ctrl+c') void this.session.send({ kind: 'cancel' });
      return;
    }
    if (message !== null) this.update({ message: null });
    const anywhere = bindingFor(press.name)?.id;
    if (anywhere === 'suspend' || anywhere === 'redraw') return this.#do(anywhere, this.situation());
    if (overlay === null) return this.#pressChecklist(press);
    if (overlay.kind === 'form') return this.#pressForm(overlay.form, press);
    if (overlay.kind === 'menu') return this.#answers.pressMenu(press);
    if (overlay.kind === 'pick') return this.#pressPick(overlay.list, press);
    if (overlay.kind === 'pager') {
      if (press.name === 'ctrl+c') return this.#closeOverlay();
      return this.output.press(press);
    }
    this.#pressPage(press);
  }

  paste(text: string): void {
    const { overlay } = this.ui.get();
    if (overlay?.kind === 'form')
      this.update({ overlay: { kind: 'form', form: pasteIntoForm(overlay.form, text) } });
    else if (overlay?.kind === 'pager') this.output.paste(text);
    else if (overlay?.kind === 'pick')
      this.update({ overlay: { kind: 'pick', list: pasteIntoPickList(overlay.list, text) } });
    // Elsewhere a paste would be a row of commands that nobody meant.
    else this.say('Pasted text is not taken here, so that it cannot act as keys.', 'warn');
  }

  #pressChecklist(press: Press) {
    const situation = this.situation();
    const nowMs = this.#options.readMs();
    const option = askOf(situation, nowMs).options.find((one) => one.key === press.name);
    if (option !== undefined) return this.#answers.take(option.id);
    const binding = bindingFor(press.name);
    if (binding === undefined) return;
    const reason = binding.whyNot(situation, nowMs);
    if (reason !== null) return this.say(`${binding.shown}: ${foreign(reason)}.`, 'warn');
    this.#do(binding.id, situation);
  }

  #do(id: KeyId, situation: Situation) {
    const step = shownStep(situation);
    const stepId = step?.id ?? null;
    switch (id) {
      case 'enter':
        return this.#enter(situation);
      case 'choose': {
        const item = step && itemAt(step, situation.ui.itemKey);
        if (step === undefined) return;
        return item?.kind === 'check' ? this.#tick(step, item.check) : this.#choosing.toggle(step, item);
      }
      case 'choose-all':
        if (step !== undefined) this.#choosing.toggle(step, null);
        return;
      case 'why': {
        const item = step && itemAt(step, situation.ui.itemKey);
        if (item !== undefined) this.update({ overlay: { kind: 'item', key: item.key, top: 0 } });
        return;
      }
      case 'whole-why':
        return this.update({ isWhyWhole: !situation.ui.isWhyWhole, detailTop: 0, isScrolled: true });
      case 'inputs':
        return this.#open(inputsForm(situation.view));
      case 'skip':
        if (step !== undefined) this.#open(skipForm(step));
        return;
      case 'by-hand':
        if (step !== undefined) this.#open(byHandForm(step));
        return;
      case 'note':
        return this.#open(noteForm(step));
      case 'undo':
        if (step !== undefined) this.update({ overlay: { kind: 'menu', menu: undoMenu(step), option: 0 } });
        return;
      case 'output':
        if (step !== undefined) this.output.open(step);
        return;
      case 'ours': {
        const item = step && itemAt(step, situation.ui.itemKey);
        if (step === undefined || item?.kind !== 'finding') return;
        const declared = declarationOf(item.finding, situation.view.incident.declarations);
        return this.#open(oursForm(step, item.finding, declared));
      }
      case 'copy':
        return this.#copy(situation);
      case 'look-again':
        if (stepId !== null) void this.session.send({ kind: 'look-again', stepId });
        return;
      case 'cancel':
        void this.session.cancel();
        return;
      case 'export':
        void this.session.exportTranscript();
        return;
      case 'close':
        return this.#open(closeForm());
      case 'shell':
        void this.session.openShell(stepId);
        return;
      case 'commands':
      case 'find':
        return this.update({ overlay: { kind: 'pick', list: pickList(id) } });
      case 'filter':
        return this.update({ filter: nextFilter(situation.ui.filter) });
      case 'help':
        return this.update({ overlay: { kind: 'help', top: 0 } });
      case 'leave':
        if (situation.view.incident.closedAt !== null || situation.view.stopped !== null)
          void this.session.leave();
        else this.update({ overlay: { kind: 'menu', menu: leaveMenu(situation), option: 0 } });
        return;
      case 'up':
      case 'down':
        return this.update(moveBy(situation, this.layout, id === 'up' ? -1 : 1, this.#options.readMs()));
      case 'page-up':
      case 'page-down':
        return this.update(movePage(situation, this.layout, id === 'page-up' ? -1 : 1));
      case 'first':
      case 'last':
        return this.update(moveToEnd(situation, this.layout, id));
      case 'next-area':
      case 'previous-area':
        return this.update(otherArea(situation, id === 'next-area' ? 1 : -1, this.#options.readMs()));
      case 'back':
        return this.update({ stepId: null, area: null, itemKey: null, detailTop: 0, isScrolled: false });
      case 'redraw':
        return this.#options.redraw();
      case 'suspend':
        return this.#options.suspend();
    }
  }

  /** What `i` shows of what is under the cursor, to where the terminal is. */
  #copy(situation: Situation) {
    const step = shownStep(situation);
    const item = step && itemAt(step, situation.ui.itemKey);
    if (step === undefined || item === undefined) return;
    const { title, text } = itemText(step, item);
    const problem = this.#options.signals.copy(text);
    if (problem === null) this.say(`Sent to the clipboard: ${title}`, 'good');
    else this.say(`Not copied: ${problem}.`, 'warn');
  }

  /** Done asks for a word on it; taking the tick back does not. */
  #tick(step: StepState, check: ChecklistItem) {
    if (!isTicked(check)) return this.#open(tickForm(step, check));
    void this.session.send({ kind: 'tick-item', stepId: step.id, itemId: check.id, isDone: false, note: '' });
  }

  #enter(situation: Situation) {
    if (this.session.isSending || this.#choosing.isBusy) {
      if (this.#choosing.isBusy)
        this.say('The plan follows your choice: one moment, then ⏎ once more.', 'warn');
      return;
    }
    const nowMs = this.#options.readMs();
    // A key pressed before the question could be read is not an answer to it.
    if (situation.view.question !== null && nowMs - this.#questionSinceMs < this.#options.settleMs) {
      return this.say('That was quicker than anybody reads: ⏎ once more if you mean it.', 'warn');
    }
    this.#answers.enter(situation, nowMs);
  }

  #pressPick(list: PickList, press: Press) {
    if (press.name === 'escape' || press.name === 'ctrl+c') return this.#closeOverlay();
    const situation = this.situation();
    const entries = pickEntries(list, situation, this.#options.readMs());
    if (press.name !== 'enter') {
      const next = pressOnPickList(list, press, entries.length, this.layout.pick.height);
      return this.update({ overlay: { kind: 'pick', list: next } });
    }
    const entry = entries[list.index];
    if (entry === undefined) return;
    if (entry.whyNot !== null) return this.say(`Not now: ${entry.whyNot}.`, 'warn');
    this.#closeOverlay();
    if (entry.target.kind === 'command') return this.#do(entry.target.id, this.situation());
    const { stepId, itemKey } = entry.target;
    const isHand = stepId === stepInHandId(situation.view);
    this.update({ stepId: isHand ? null : stepId, itemKey, area: 'detail', detailTop: 0, isScrolled: false });
  }

  #pressForm(form: Form, press: Press) {
    if (press.name === 'escape' || press.name === 'ctrl+c') return this.#closeOverlay();
    if (press.name === 'ctrl+o' && form.purpose.kind === 'note') return void this.#editNote(form);
    if (press.name !== 'enter') {
      const typed = typeIntoForm(form, press);
      const isChanged = typed.fields[typed.index]?.field !== form.fields[typed.index]?.field;
      return this.#open(isChanged ? { ...typed, soFar: soFar(typed, this.handle.view()) } : typed);
    }
    const problem = fieldProblem(form, this.handle.view());
    if (problem !== null) return this.#open({ ...form, problem });
    if (form.index < form.fields.length - 1) return this.#open(moveTo(form, form.index + 1));
    const submitted = submitForm(form, this.handle.view());
    if ('form' in submitted) return this.#open(submitted.form);
    this.#closeOverlay();
    const { command } = submitted;
    if (command === null) return this.say('Nothing was changed.', 'good');
    void this.session.send(command).then((ok) => {
      if (ok && command.kind === 'add-note') this.say('Noted.', 'good');
      // What was typed is not lost when it could not be taken.
      if (!ok && this.ui.get().overlay === null)
        this.#open({ ...form, problem: this.ui.get().message?.text ?? 'it could not be taken' });
    });
  }

  /** In the responder's editor; what was written there is the note, with its lines. */
  async #editNote(form: Form): Promise<void> {
    const text = await this.session.edit(fieldText(form.fields[0]?.field ?? textField()));
    if (text === null || form.purpose.kind !== 'note') return;
    if (text.trim() === '') return this.#closeOverlay();
    const { stepId } = form.purpose;
    if (await this.session.send({ kind: 'add-note', stepId, text: text.trimEnd() })) {
      this.#closeOverlay();
      this.say('Noted.', 'good');
    }
  }

  /** Help and reasons: a page to read. */
  #pressPage(press: Press) {
    const { overlay } = this.ui.get();
    if (overlay?.kind !== 'help' && overlay?.kind !== 'item') return;
    const id = bindingFor(press.name)?.id;
    const top = pageTop(id, this.layout.page);
    if (top !== null) return this.update({ overlay: { ...overlay, top } });
    if (id === 'copy' && overlay.kind === 'item') return this.#copy(this.situation());
    if (id === 'find' && overlay.kind === 'help')
      return this.update({ overlay: { kind: 'pick', list: pickList('commands') } });
    if (id === 'note') return this.#open(noteForm(shownStep(this.situation())));
    if (['escape', 'enter', 'i', '?', 'q', 'ctrl+c', 'left'].includes(press.name)) this.#closeOverlay();
  }

  #open(form: Form): void {
    this.update({ overlay: { kind: 'form', form } });
  }

  #closeOverlay(): void {
    if (this.ui.get().overlay?.kind === 'pager') this.output.close();
    this.update({ overlay: null });
  }

  #onIncident(): void {
    const view = this.incident.get();
    this.output.grow();
    this.#attention.look(view);
    const key = questionKey(view);
    if (key === this.#questionKey) return;
    this.#questionKey = key;
    this.#questionSinceMs = this.#options.readMs();
    if (view.question === null) return;
    const handId = stepInHandId(view);
    const isOther = handId !== this.#handId;
    this.#handId = handId;
    // A new question is shown where it stands, unless the responder is reading elsewhere of their own will.
    const { overlay } = this.ui.get();
    // It has a time limit: nothing that is only read may stand before it.
    if (view.question.kind === 'confirmation' && overlay !== null && overlay.kind !== 'form')
      this.#closeOverlay();
    this.update({
      option: 0,
      message: null,
      ...(this.ui.get().stepId === null ? { area: null, detailTop: 0, isScrolled: false } : {}),
      ...(isOther && this.ui.get().stepId === null ? { itemKey: null } : {}),
    });
    this.#openInputs();
  }

  #openInputs(): void {
    const view = this.handle.view();
    if (view.question?.kind === 'inputs' && this.ui.get().overlay === null) this.#open(inputsForm(view));
  }
}

function questionKey({ question }: IncidentView): string {
  return question === null ? '' : JSON.stringify(question);
}
