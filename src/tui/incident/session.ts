import type { Command } from '../../engine/command.ts';
import type { IncidentHandle, Lend, OpenShell } from '../../engine/handle.ts';
import { foreign } from '../look/theme.ts';
import type { Store } from '../store.ts';
import type { Message, UiState } from './ui-state.ts';

/** Has text written in the responder's own editor. */
export type EditText = (handle: IncidentHandle, text: string, lend: Lend) => Promise<string>;

export interface SessionOptions {
  readonly handle: IncidentHandle;
  readonly ui: Store<UiState>;
  readonly exportTranscript: (handle: IncidentHandle) => Promise<string>;
  readonly openShell: OpenShell | null;
  readonly editText: EditText;
  readonly lend: Lend;
  /** Ends the terminal interface. */
  readonly finish: (how: 'left' | 'closed') => void;
}

/** What takes its time: commands to the runner, the transcript, leaving. What came of it is said on the screen. */
export class Session {
  readonly #options: SessionOptions;
  #sending = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** A command is on its way, and the question on the screen may be answered already. */
  get isSending(): boolean {
    return this.#sending > 0;
  }

  say(text: string, tone: Message['tone']): void {
    this.#update({ message: { text, tone } });
  }

  /** Resolves when the command was taken or refused; a refusal is said. */
  async send(command: Command): Promise<boolean> {
    this.#sending += 1;
    try {
      const result = await this.#options.handle.send(command);
      if (!result.ok) this.say(`Not done: ${foreign(result.reason)}.`, 'warn');
      return result.ok;
    } catch (error) {
      this.say(`Not done: ${reasonOf(error)}.`, 'bad');
      return false;
    } finally {
      this.#sending -= 1;
    }
  }

  async cancel(): Promise<void> {
    const isTaken = await this.send({ kind: 'cancel' });
    if (isTaken) this.say('Stopping, as soon as it can be stopped cleanly.', 'good');
  }

  async exportTranscript(): Promise<void> {
    this.#update({ busy: 'Writing the transcript…' });
    try {
      const path = await this.#options.exportTranscript(this.#options.handle);
      this.#update({ transcriptPath: path, option: 0 });
      this.say(`Transcript written: ${foreign(path)}`, 'good');
    } catch (error) {
      this.say(`The transcript could not be written: ${reasonOf(error)}`, 'bad');
    } finally {
      this.#update({ busy: null });
    }
  }

  async openShell(stepId: string | null): Promise<void> {
    const { openShell, handle, lend } = this.#options;
    if (openShell === null) return this.say('There is no shell to be had here.', 'warn');
    this.#update({ busy: 'In the shell…' });
    try {
      this.say(foreign(await openShell(handle, stepId, lend)), 'good');
    } catch (error) {
      this.say(`No shell: ${reasonOf(error)}`, 'warn');
    } finally {
      this.#update({ busy: null });
    }
  }

  /** What was written, or null: it could not be, and that is said. */
  async edit(text: string): Promise<string | null> {
    const { editText, handle, lend } = this.#options;
    this.#update({ busy: 'In the editor…' });
    try {
      return await editText(handle, text, lend);
    } catch (error) {
      this.say(`Not edited: ${reasonOf(error)}`, 'warn');
      return null;
    } finally {
      this.#update({ busy: null });
    }
  }

  async leave(): Promise<void> {
    const { handle, finish } = this.#options;
    const { activity, incident } = handle.view();
    const wait = 'Leaving as soon as what is running is at a safe point. c stops it now.';
    this.#update({ busy: activity === null ? 'Leaving…' : wait, overlay: null });
    try {
      await handle.leave('the responder left');
    } finally {
      finish(incident.closedAt === null ? 'left' : 'closed');
    }
  }

  #update(change: Partial<UiState>): void {
    const { ui } = this.#options;
    ui.set({ ...ui.get(), ...change });
  }
}

function reasonOf(error: unknown): string {
  return foreign(error instanceof Error ? error.message : String(error));
}
