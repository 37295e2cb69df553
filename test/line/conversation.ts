import { PassThrough, Writable } from 'node:stream';
import type { IncidentHandle } from '../../src/engine/handle.ts';
import type { LineSettings } from '../../src/line/line-settings.ts';
import { type LineResult, runLine } from '../../src/line/run-line.ts';

/** Line mode on streams in this process, played as expect would: wait for a text, then type a line. */
export class Conversation {
  readonly result: Promise<LineResult>;
  readonly input = new PassThrough();
  readonly rawModes: boolean[] = [];
  text = '';
  /** Resolves when a terminal that stalls has done so. */
  readonly stalled: Promise<void>;
  #stall = () => {};
  /** Lets a terminal that has stalled go on. */
  release = () => {};
  #read = 0;
  #heard = () => {};
  #interrupt: () => void = () => {};

  constructor(
    handle: IncidentHandle,
    settings: Partial<LineSettings> & { readonly isTerminal?: boolean; readonly isStalled?: boolean } = {},
  ) {
    const { isTerminal = true, ...rest } = settings;
    let { isStalled = false } = settings;
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.text += chunk.toString('utf8');
        this.#heard();
        // A terminal that takes long blocks no further.
        if (!isStalled || chunk.length < 1000) done();
        else {
          this.release = () => {
            isStalled = false;
            done();
          };
          this.#stall();
        }
      },
    });
    this.stalled = new Promise((resolve) => {
      this.#stall = resolve;
    });
    const setRawMode = (isRaw: boolean) => this.rawModes.push(isRaw);
    this.result = runLine({
      handle,
      input: Object.assign(this.input, isTerminal ? { isTTY: true, setRawMode } : {}),
      output,
      settings: {
        nowMs: () => 0,
        onInterrupt: (listener) => {
          this.#interrupt = listener;
          return () => {
            this.#interrupt = () => {};
          };
        },
        ...rest,
      },
    });
  }

  /** What was said up to and with the text (`> ` if none is given: a prompt), since the last call. */
  async until(wanted = '> '): Promise<string> {
    while (!this.text.slice(this.#read).includes(wanted)) {
      await new Promise<void>((resolve, reject) => {
        this.#heard = resolve;
        const missing = () => reject(new Error(`no "${wanted}" after:\n${this.text.slice(this.#read)}`));
        const timer = setTimeout(missing, 20_000);
        const heard = this.#heard;
        this.#heard = () => {
          clearTimeout(timer);
          heard();
        };
      });
    }
    const end = this.text.indexOf(wanted, this.#read) + wanted.length;
    const said = this.text.slice(this.#read, end);
    this.#read = end;
    return said;
  }

  /** Types a line at the next prompt. Returns what was said before it. */
  async answer(line: string): Promise<string> {
    const said = await this.until();
    this.input.write(`${line}\n`);
    return said;
  }

  interrupt(): void {
    this.#interrupt();
  }

  end(): void {
    this.input.end();
  }
}
