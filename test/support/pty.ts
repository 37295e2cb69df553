import { StringDecoder } from 'node:string_decoder';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { type LineOptions, SlowLine } from './slow-line.ts';

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Record<string, string>;
  readonly cwd?: string;
  /** What lies between the program and the terminal; nothing if not given. */
  readonly line?: LineOptions;
}

/** A program on a real pseudo-terminal, its screen read by a terminal emulator. */
export interface PtyProgram {
  readonly pid: number;
  /** What the screen shows, one string a row, blanks at the ends cut. */
  screen(): string[];
  text(): string;
  /** How many bytes were sent to the terminal. */
  bytes(): number;
  /** When the last of them came, as performance.now() counts. */
  lastByteAt(): number;
  /** How many bytes wait before a slow line. */
  queued(): number;
  /** The terminal takes nothing any more (somebody marks text, or the machine it is on sleeps), until it goes on. */
  stall(isStalled: boolean): void;
  /** Calls back whenever the program asks for the terminal's status, with all before it on the screen. */
  onAsked(listener: () => void): void;
  /** All that was sent to the terminal, as it came. */
  sent(): string;
  /** Whether the screen shows all that was sent so far. */
  isRead(): boolean;
  press(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves when the screen has the text (or matches); rejects with the screen in the message. */
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<void>;
  waitGone(text: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Any condition on the whole text of the screen. */
  until(what: string, isMet: (text: string) => boolean, timeoutMs?: number): Promise<void>;
  waitExit(timeoutMs?: number): Promise<number>;
  kill(signal: string): void;
}

export const KEYS = {
  enter: '\r',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  ctrlC: '\x03',
  ctrlZ: '\x1a',
  space: ' ',
} as const;

export function startPty(argv: readonly string[], options: PtyOptions = {}): PtyProgram {
  const cols = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
  const [file = '', ...args] = argv;
  const pty = spawn(file, args, {
    name: 'xterm-256color',
    cols,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: { ...cleanEnvironment(), ...options.environment },
    // Bytes: a line that is slow cuts characters in two.
    encoding: null,
  });
  const decoder = new StringDecoder();
  let sent = 0;
  let lastByteAt = 0;
  let all = '';
  let unread = 0;
  let exitCode: number | null = null;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const line =
    options.line === undefined
      ? null
      : new SlowLine(options.line, {
          show,
          type: (keys) => pty.write(keys),
          hold: (isHeld) => (isHeld ? pty.pause() : pty.resume()),
        });
  const press = (keys: string) => (line === null ? pty.write(keys) : line.press(keys));
  function show(bytes: Buffer): void {
    all += decoder.write(bytes);
    unread += 1;
    terminal.write(bytes, () => {
      unread -= 1;
      changed();
    });
  }
  // With no encoding set the data are bytes, whatever the types say.
  pty.onData((data: unknown) => {
    const bytes = data as Buffer;
    sent += bytes.length;
    lastByteAt = performance.now();
    if (line === null) show(bytes);
    else line.send(bytes);
  });
  // A real terminal answers what it is asked (cursor position, device status).
  terminal.onData(press);
  pty.onExit(({ exitCode: code, signal }) => {
    line?.close();
    // Behind what is still to be read: the last screen is there when the end is told.
    terminal.write('', () => {
      exitCode = signal ? 128 + signal : code;
      changed();
    });
  });

  const screen = () => {
    const { buffer } = terminal;
    return Array.from({ length: terminal.rows }, (_, row) =>
      (
        buffer.active.getLine(buffer.active.viewportY + row)?.translateToString(true, 0, terminal.cols) ?? ''
      ).trimEnd(),
    );
  };
  const text = () => screen().join('\n');

  function until(what: string, isMet: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (isMet()) {
          stop();
          resolve();
        } else if (exitCode !== null && !what.startsWith('exit')) {
          stop();
          reject(new Error(`it ended (${exitCode}) before: ${what}\n${text()}`));
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`waited ${timeoutMs} ms for: ${what}\n${text()}`));
      }, timeoutMs);
      const stop = () => {
        clearTimeout(timer);
        listeners.delete(check);
      };
      listeners.add(check);
      check();
    });
  }
  const has = (wanted: string | RegExp) =>
    typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text());

  return {
    pid: pty.pid,
    screen,
    text,
    bytes: () => sent,
    lastByteAt: () => lastByteAt,
    queued: () => line?.queued ?? 0,
    stall: (isStalled) => (isStalled ? pty.pause() : pty.resume()),
    onAsked: (listener) => {
      terminal.parser.registerCsiHandler({ final: 'n' }, (params) => {
        if (params[0] === 5) listener();
        return false;
      });
    },
    sent: () => all,
    isRead: () => unread === 0,
    press,
    resize(columns, newRows) {
      terminal.resize(columns, newRows);
      pty.resize(columns, newRows);
    },
    waitFor: (wanted, timeoutMs = 20_000) => until(String(wanted), () => has(wanted), timeoutMs),
    waitGone: (wanted, timeoutMs = 20_000) => until(`no more ${wanted}`, () => !has(wanted), timeoutMs),
    until: (what, isMet, timeoutMs = 20_000) => until(what, () => isMet(text()), timeoutMs),
    async waitExit(timeoutMs = 20_000) {
      await until('exit', () => exitCode !== null, timeoutMs);
      return exitCode ?? -1;
    },
    kill: (signal) => pty.kill(signal),
  };
}

function cleanEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', USER = '' } = process.env;
  return { PATH, HOME, USER, TERM: 'xterm-256color', LANG: 'C.UTF-8', COLORTERM: 'truecolor' };
}
