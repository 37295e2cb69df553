import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ChangeSign } from '../../findings/change-sign.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';

const MOST_PROGRAMS = 20_000;
/** What runs something else, which is then what counts. */
const INTERPRETER = /\/(?:sh|bash|dash|ash|busybox|zsh|ksh|python[\d.]*|perl|ruby|php[\d.]*|node|java|env)$/;

/**
 * Programs that run and did not before. One listing of /proc a turn; only of numbers that were not there is more read.
 * A process that lives shorter than a turn is not seen: what it leaves behind is.
 */
export class NewProcesses {
  #pids: ReadonlySet<string> = new Set();
  readonly #programs = new Set<string>();
  #isFirst = true;

  take(): ChangeSign[] {
    const now = new Set(readdirSync('/proc').filter((name) => /^\d+$/.test(name)));
    const signs: ChangeSign[] = [];
    for (const pid of now) {
      if (this.#pids.has(pid)) continue;
      const program = programOf(pid);
      if (program === null || this.#programs.has(program.key)) continue;
      // Forgetting costs a look too many, never one too few.
      if (this.#programs.size >= MOST_PROGRAMS) this.#programs.clear();
      this.#programs.add(program.key);
      if (!this.#isFirst) signs.push({ kind: 'process', pid: Number(pid), name: program.name });
    }
    this.#pids = now;
    this.#isFirst = false;
    return signs;
  }
}

function programOf(pid: string): { readonly key: string; readonly name: string } | null {
  try {
    const exe = decodeHostBytes(readlinkSync(`/proc/${pid}/exe`, { encoding: 'buffer' }));
    if (!INTERPRETER.test(exe)) return { key: exe, name: nameOf(pid) };
    const [, ...words] = decodeHostBytes(readFileSync(`/proc/${pid}/cmdline`)).split('\0');
    const script = words.find((word) => word !== '' && !word.startsWith('-')) ?? '';
    return { key: `${exe} ${script.slice(0, 500)}`, name: nameOf(pid) };
  } catch {
    // A thread of the kernel, or it has gone.
    return null;
  }
}

function nameOf(pid: string): string {
  try {
    return decodeHostBytes(readFileSync(`/proc/${pid}/comm`)).trimEnd();
  } catch {
    return 'a process';
  }
}
