import type { IncidentHandle } from '../../engine/handle.ts';
import { fieldText, paste, type TextField, textField, typeKey } from '../asking/text-field.ts';
import type { Press } from '../keys/keys.ts';
import { foreign } from '../look/theme.ts';
import { clamp } from '../look/viewport.ts';
import { sentence } from '../look/words.ts';
import { createStore, type Store } from '../store.ts';
import { type HomeUi, homeEntries, nextStatus } from './home-entries.ts';
import type { HomeModel, StartChoice, StartId } from './home-model.ts';

export interface HomeOptions {
  readonly model: HomeModel;
  readonly openIncident: (id: string) => Promise<IncidentHandle>;
  readonly startIncident: (choice: StartChoice) => Promise<IncidentHandle>;
  /** An incident is ready to be shown. */
  readonly show: (handle: IncidentHandle) => Promise<void>;
  readonly finish: () => void;
  readonly suspend: () => void;
  readonly redraw: () => void;
}

const FIRST: HomeUi = {
  cursor: 0,
  picking: null,
  address: null,
  filter: null,
  status: null,
  isTyping: false,
  isHelp: false,
  busy: null,
  message: null,
};

export class HomeController {
  readonly model: HomeModel;
  readonly ui: Store<HomeUi> = createStore(FIRST);
  readonly #options: HomeOptions;

  constructor(options: HomeOptions) {
    this.#options = options;
    this.model = options.model;
  }

  press(press: Press) {
    const ui = this.ui.get();
    if (press.name === 'ctrl+z') return this.#options.suspend();
    if (press.name === 'ctrl+l') return this.#options.redraw();
    if (ui.busy !== null) return;
    if (press.name === 'ctrl+c') return this.#options.finish();
    if (ui.message !== null) this.#update({ message: null });
    if (ui.isHelp) return this.#update({ isHelp: false });
    if (ui.picking === null && ui.address !== null) return this.#typeAddress(ui.address, press);
    if (ui.isTyping && this.#type(press)) return;
    if (/^[1-9]$/.test(press.name)) return this.#chooseNumber(Number(press.name));
    switch (press.name) {
      case 'up':
      case 'k':
        return this.#move(-1);
      case 'down':
      case 'j':
        return this.#move(1);
      case 'home':
      case 'g':
        return this.#update({ cursor: 0 });
      case 'end':
      case 'G':
        return this.#update({ cursor: Math.max(0, homeEntries(this.model, ui).length - 1) });
      case 'enter':
        return this.#choose();
      case '/':
        return this.#update({ isTyping: true, filter: ui.filter ?? textField(), cursor: 0 });
      case 'f':
        if (ui.picking === null) this.#update({ status: nextStatus(ui.status), cursor: 0 });
        return;
      case '?':
        return this.#update({ isHelp: true });
      case 'escape':
        if (ui.filter !== null) return this.#update({ filter: null, cursor: 0 });
        if (ui.status !== null) return this.#update({ status: null, cursor: 0 });
        if (ui.picking !== null) return this.#update({ picking: null, address: null, cursor: 0 });
        return;
      case 'q':
        return ui.picking === null
          ? this.#options.finish()
          : this.#update({ picking: null, address: null, filter: null, cursor: 0 });
    }
  }

  paste(text: string): void {
    const { isTyping, filter, picking, address } = this.ui.get();
    if (picking === null && address !== null) this.#update({ address: paste(address, text) });
    else if (isTyping && filter !== null) this.#update({ filter: paste(filter, text), cursor: 0 });
  }

  #typeAddress(address: TextField, press: Press) {
    if (press.name === 'escape') return this.#update({ address: null });
    if (press.name !== 'enter') return this.#update({ address: typeKey(address, press) });
    const problem = addressProblem(fieldText(address).trim());
    if (problem !== null) return this.#update({ message: { text: problem, tone: 'warn' } });
    void this.#pick('remote');
  }

  /** True when the key was for the search field. */
  #type(press: Press): boolean {
    const { filter } = this.ui.get();
    if (press.name === 'escape') {
      this.#update({ isTyping: false, filter: null, cursor: 0 });
      return true;
    }
    if (['enter', 'up', 'down'].includes(press.name)) {
      this.#update({ isTyping: false });
      return false;
    }
    this.#update({ filter: typeKey(filter ?? textField(), press), cursor: 0 });
    return true;
  }

  #move(by: number): void {
    const count = homeEntries(this.model, this.ui.get()).length;
    this.#update({ cursor: clamp(this.ui.get().cursor + by, 0, Math.max(0, count - 1)) });
  }

  /** By its place among what can be chosen now. */
  #chooseNumber(number: number) {
    if (number > homeEntries(this.model, this.ui.get()).length) return;
    this.#update({ cursor: number - 1 });
    this.#choose();
  }

  #choose() {
    const ui = this.ui.get();
    const entry = homeEntries(this.model, ui)[ui.cursor];
    if (entry === undefined) return;
    if (entry.whyNot !== null) {
      return this.#update({ message: { text: `Cannot be done now: ${entry.whyNot}`, tone: 'warn' } });
    }
    const { choice } = entry;
    if (choice.kind === 'address') return this.#update({ address: textField() });
    if (choice.kind === 'pick') {
      void this.#pick(choice.id);
      return;
    }
    const { openIncident, startIncident } = this.#options;
    void this.#open(
      entry.title,
      choice.kind === 'incident' ? openIncident(choice.id) : startIncident(choice.start),
    );
  }

  async #pick(id: StartId): Promise<void> {
    // What is practised is chosen, and the playbook is the default.
    if (id === 'drill') return this.#update({ picking: { id, playbooks: [] }, filter: null, cursor: 0 });
    this.#update({ busy: 'Reading the playbooks…' });
    try {
      const playbooks = await this.model.loadPlaybooks();
      this.#update({ busy: null, picking: { id, playbooks }, filter: null, cursor: 0 });
    } catch (error) {
      this.#update({ busy: null, message: { text: errorText(error), tone: 'bad' } });
    }
  }

  async #open(title: string, opening: Promise<IncidentHandle>): Promise<void> {
    this.#update({ busy: `${title}: getting ready…` });
    try {
      await this.#options.show(await opening);
    } catch (error) {
      this.#update({ busy: null, message: { text: errorText(error), tone: 'bad' } });
    }
  }

  #update(change: Partial<HomeUi>): void {
    this.ui.set({ ...this.ui.get(), ...change });
  }
}

/** What ssh would take for a name of a host: nothing that it could take for an option, nothing that could be two words. */
function addressProblem(address: string): string | null {
  if (address === '') return 'Where? A name or address, as you would type it after ssh: root@web-07';
  if (address.startsWith('-') || /\s/.test(address))
    return 'That is not a host: no blanks, and no dash at its beginning.';
  return null;
}

/** A UserError has a hint: what to do next. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return foreign(String(error));
  const hint = 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : '';
  return foreign(hint === '' ? error.message : `${sentence(error.message)}${hint}`);
}
