import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll } from 'vitest';

/** What to type at which prompt; the first that matches what was said since the last answer is taken. */
export type Rule = readonly [prompt: RegExp, answer: string | ((match: RegExpMatchArray) => string)];

const running = new Set<IPty>();
afterAll(() => {
  for (const pty of running) pty.kill('SIGKILL');
});

/** A program on a pseudo-terminal, talked to as expect(1) would: by its raw output, prompt by prompt. */
export class Expect {
  /** Everything it sent, as it sent it. */
  text = '';
  exitCode: number | null = null;
  #pty: IPty;
  #answeredTo = 0;
  #changed = () => {};

  constructor(argv: readonly string[], environment: Record<string, string> = {}) {
    const [file = '', ...args] = argv;
    const { PATH = '', HOME = '', USER = '' } = process.env;
    const env = { PATH, HOME, USER, TERM: 'dumb', LANG: 'C.UTF-8', NODE_ENV: 'production', ...environment };
    this.#pty = spawn(file, args, { name: 'dumb', cols: 200, rows: 50, env });
    running.add(this.#pty);
    this.#pty.onData((data) => {
      this.text += data;
      this.#changed();
    });
    this.#pty.onExit(({ exitCode, signal }) => {
      running.delete(this.#pty);
      this.exitCode = signal ? 128 + signal : exitCode;
      this.#changed();
    });
  }

  /** Answers by the rules until a prompt matches `stop` or the program ends. Gives what was said since the last call. */
  async talk(rules: readonly Rule[], stop: RegExp | null = null, timeoutMs = 60_000): Promise<string> {
    const from = this.#answeredTo;
    const deadline = Date.now() + timeoutMs;
    while (this.exitCode === null) {
      const said = this.text.slice(this.#answeredTo);
      if (/> $/.test(said)) {
        if (stop?.test(said)) break;
        const rule = rules.find(([prompt]) => prompt.test(said));
        if (rule === undefined) throw new Error(`no rule for the prompt at the end of:\n${said}`);
        const [prompt, answer] = rule;
        this.type(typeof answer === 'string' ? answer : answer(said.match(prompt) as RegExpMatchArray));
        continue;
      }
      await this.#change(deadline);
    }
    return this.text.slice(from);
  }

  type(line: string): void {
    this.#answeredTo = this.text.length;
    this.#pty.write(`${line}\r`);
  }

  #change(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`nothing more after:\n${this.text.slice(-3000)}`));
      const timer = setTimeout(late, deadline - Date.now());
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
