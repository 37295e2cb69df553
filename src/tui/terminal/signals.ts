import { printable } from '../../text/printable.ts';

/** What may be sent to the terminal beside the screen; each can be switched off. */
export interface SignalSettings {
  readonly title: boolean;
  readonly bell: boolean;
  readonly notify: boolean;
  readonly clipboard: boolean;
}

const ALL: SignalSettings = { title: true, bell: true, notify: true, clipboard: true };

const BELL = '\u0007';
/** xterm's own limit is near this; what is longer, some terminals drop whole. */
const MOST_CLIPBOARD_BYTES = 74_000;
const MOST_TITLE = 120;

/** The terminal's window, bell and clipboard. What is said there is made printable here: nothing else ever is. */
export class Signals {
  readonly #send: (bytes: string) => void;
  readonly #settings: SignalSettings;
  readonly #term: string;
  #title: string | null = null;

  /** `send` writes control sequences that change no cell of the screen. */
  constructor(send: (bytes: string) => void, settings: SignalSettings = ALL, term = '') {
    this.#send = send;
    this.#settings = settings;
    this.#term = term;
  }

  /** Names the window (OSC 2); the name before is kept by the terminal (XTWINOPS 22) for `close`. */
  title(text: string): void {
    const title = printable(text).slice(0, MOST_TITLE);
    if (!this.#settings.title || title === this.#title) return;
    const keep = this.#title === null ? '\u001b[22;2t' : '';
    this.#title = title;
    this.#send(`${keep}\u001b]2;${title}${BELL}`);
  }

  /** A long step ended, or asks something: for whoever looks elsewhere. */
  attention(text: string): void {
    const said = printable(text).replaceAll(';', ',').slice(0, MOST_TITLE);
    // A bell first, then iTerm2's notification and urxvt's; a terminal that knows neither ignores them.
    if (this.#settings.bell) this.#send(BELL);
    if (this.#settings.notify)
      this.#send(this.#through(`\u001b]9;${said}${BELL}\u001b]777;notify;tourniquet;${said}${BELL}`));
  }

  /** Copies text where the terminal is (OSC 52). Null, or why it cannot be sent; whether it was taken is not told. */
  copy(text: string): string | null {
    if (!this.#settings.clipboard)
      return 'copying is switched off (tourniquet settings signals.clipboard true)';
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return 'there is nothing to copy';
    if (bytes.length * 1.34 > MOST_CLIPBOARD_BYTES)
      return 'it is too much for a terminal’s clipboard; save it instead';
    this.#send(this.#through(`\u001b]52;c;${bytes.toString('base64')}${BELL}`));
    return null;
  }

  close(): void {
    if (this.#title !== null) this.#send('\u001b[23;2t');
    this.#title = null;
  }

  /** GNU screen passes on only what is wrapped (its manual, "Control Sequences": DCS string ST). */
  #through(sequence: string): string {
    if (!/^screen/.test(this.#term)) return sequence;
    return (
      sequence
        .match(/[\s\S]{1,240}/g)
        ?.map((part) => `\u001bP${part}\u001b\\`)
        .join('') ?? ''
    );
  }
}
