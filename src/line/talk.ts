import type { Writable } from 'node:stream';
import type { Question } from '../engine/effect.ts';
import type { IncidentHandle } from '../engine/handle.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { editedLine, type LineInput, LineReader } from './line-reader.ts';
import type { LineSettings } from './line-settings.ts';

type Heard =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'ended' | 'interrupted' | 'overtaken' | 'signalled' };

/** The conversation with the responder: lines out, questions and their answers in. Moves no cursor, has no colour. */
export class Talk {
  readonly handle: IncidentHandle;
  readonly settings: LineSettings;
  /** Why the conversation ends; null while it goes on. */
  leaving: string | null = null;
  #reader: LineReader;
  #output: Writable;
  #isAtLineStart = true;
  #isCurrent: () => boolean = () => true;
  #interrupted: (() => void) | null = null;
  #stopInterrupts: () => void;
  #ignore = () => undefined;

  constructor(handle: IncidentHandle, input: LineInput, output: Writable, settings: LineSettings) {
    this.handle = handle;
    this.settings = settings;
    this.#output = output;
    output.on('error', this.#ignore);
    this.#reader = new LineReader(input, () => this.say('(typed before it was asked for: not used)'));
    this.#stopInterrupts = settings.onInterrupt?.(() => this.#interrupted?.()) ?? this.#ignore;
  }

  /**
   * One line, with all that is hostile in it made visible (newlines too) and all secrets taken out. `before` begins
   * it and is looked at apart: a step called "Secret: " would make a secret of what is said of it.
   */
  say(text = '', before = ''): void {
    const options = { asciiOnly: this.settings.isAscii === true };
    this.#say(`${printable(redact(before), options)}${printable(redact(text), options)}`);
  }

  /** A block of output, with its newlines. Resolves when the terminal can take more: output may be endless. */
  async sayBlock(text: string): Promise<void> {
    this.#say(printable(redact(text), { keepNewlines: true, asciiOnly: this.settings.isAscii === true }));
    if (!this.#output.writable || !this.#output.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const events = ['drain', 'close', 'error'] as const;
      const go = () => {
        for (const event of events) this.#output.off(event, go);
        resolve();
      };
      for (const event of events) this.#output.on(event, go);
    });
  }

  /** The line typed, without blanks around it; null when there is none: see `leaving` and `isCurrent()`. */
  async ask(prompt: string, options: { readonly isSecret?: boolean } = {}): Promise<string | null> {
    while (this.leaving === null) {
      const isSecret = options.isSecret === true;
      const heard = await this.#hear(prompt, isSecret, this.#isCurrent);
      switch (heard.kind) {
        case 'line':
          return isSecret ? heard.text : heard.text.trim();
        case 'overtaken':
          return null;
        case 'interrupted':
          await this.#askToLeave();
          break;
        default:
          this.#leave(heard.kind);
      }
    }
    return null;
  }

  /** Gives the terminal to a program until it is done. */
  async lend(during: () => Promise<void>): Promise<void> {
    this.#reader.pause(true);
    try {
      await during();
    } finally {
      this.#reader.pause(false);
    }
  }

  /** Asks on only while this is the question; what overtakes it ends every ask() within with null. */
  async about(question: Question, work: () => Promise<void>): Promise<void> {
    const key = JSON.stringify(question);
    await this.while(() => JSON.stringify(this.handle.view().question) === key, work);
  }

  async while(isCurrent: () => boolean, work: () => Promise<void>): Promise<void> {
    const before = this.#isCurrent;
    this.#isCurrent = isCurrent;
    await work();
    this.#isCurrent = before;
  }

  /** Whether what is being talked about still stands, and the responder is there. */
  isCurrent(): boolean {
    return this.leaving === null && this.#isCurrent();
  }

  /** Resolves at Ctrl-C and when the process must end, while nothing is asked. */
  whenDisturbed(): { readonly disturbed: Promise<void>; stop(): void } {
    const { signal } = this.settings;
    let stop = () => {};
    const disturbed = new Promise<void>((resolve) => {
      const onSignal = () => {
        this.#leave('signalled');
        resolve();
      };
      this.#interrupted = resolve;
      if (signal?.aborted) onSignal();
      signal?.addEventListener('abort', onSignal);
      stop = () => {
        this.#interrupted = null;
        signal?.removeEventListener('abort', onSignal);
      };
    });
    return { disturbed, stop };
  }

  close(): void {
    this.#stopInterrupts();
    this.#reader.close();
    this.#output.off('error', this.#ignore);
  }

  async #askToLeave(): Promise<void> {
    const prompt = 'Leave? The incident stays as it is and can be resumed. (y)es (n)o >';
    const heard = await this.#hear(prompt, false, () => true);
    if (heard.kind === 'line' && !/^y(es)?$/i.test(heard.text.trim())) return;
    this.#leave(heard.kind === 'line' ? 'interrupted' : heard.kind);
  }

  #leave(why: Heard['kind']): void {
    this.leaving ??=
      why === 'ended' ? 'the input ended' : why === 'signalled' ? 'ended by a signal' : 'interrupted';
  }

  async #hear(prompt: string, isSecret: boolean, isCurrent: () => boolean): Promise<Heard> {
    if (!isCurrent()) return { kind: 'overtaken' };
    const { signal } = this.settings;
    if (signal?.aborted) return { kind: 'signalled' };
    // Before the prompt: who answers at once would be shown otherwise.
    this.#reader.hideTyping(isSecret);
    this.#write(`${printable(prompt, { asciiOnly: this.settings.isAscii === true })} `);
    this.#isAtLineStart = false;
    const next = this.#reader.next();
    const undo: (() => void)[] = [() => this.#reader.hideTyping(false)];
    const heard = await new Promise<Heard>((resolve) => {
      const interrupt = () => resolve({ kind: 'interrupted' });
      const onSignal = () => resolve({ kind: 'signalled' });
      this.#interrupted = interrupt;
      if (isSecret && this.#reader.isTerminal) undo.push(this.#reader.onInterruptByte(interrupt));
      undo.push(this.handle.subscribe(() => isCurrent() || resolve({ kind: 'overtaken' })));
      signal?.addEventListener('abort', onSignal);
      undo.push(() => signal?.removeEventListener('abort', onSignal));
      next.line.then((line) => resolve(line === null ? { kind: 'ended' } : { kind: 'line', text: line }));
    });
    next.stop();
    this.#interrupted = null;
    for (const step of undo) step();
    return this.#finishLine(heard, isSecret);
  }

  /** A terminal has shown the line and its end; a pipe has not, and neither has a hidden line. */
  #finishLine(heard: Heard, isSecret: boolean): Heard {
    const { isTerminal } = this.#reader;
    if (heard.kind !== 'line' || isSecret) this.#write('\n');
    else if (!isTerminal) this.#write(`${printable(redact(heard.text))}\n`);
    this.#isAtLineStart = true;
    return heard.kind === 'line' && isTerminal ? { kind: 'line', text: editedLine(heard.text) } : heard;
  }

  #say(shown: string): void {
    this.#write(`${this.#isAtLineStart ? '' : '\n'}${shown}\n`);
    this.#isAtLineStart = true;
  }

  #write(text: string): void {
    if (this.#output.writable) this.#output.write(text);
  }
}
