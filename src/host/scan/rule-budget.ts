import { createHash } from 'node:crypto';
import type { RuleMatch, RuleSource } from '../../findings/file-rules.ts';
import { neededWords } from '../rules/needed-words.ts';
import { type RuleThread, startRules } from '../rules/rule-thread.ts';
import type { Look } from './look.ts';

const BYTES_IN_ALL = 96 * 1024 * 1024;
const TIME_IN_ALL_MS = 6_000;
const TIME_EACH_MS = 2_000;
/** Loading YARA and compiling the rules is apart: a large collection takes its time. */
const START_MS = 30_000;
const MOST_REMEMBERED = 2_000;
/** Looking for some dozens of words in a larger file takes longer than the rules do. */
const MOST_SEARCHED = 4 * 1024 * 1024;

/** A watch looks again and again at the same bytes: what fitted them once does so again. */
const REMEMBERED = new Map<string, readonly RuleMatch[]>();

const WHY = {
  'too-large': 'larger than what is examined by rules',
  'no-room': 'more than is examined in one look',
  'no-time': 'more than is examined in one look',
  unreadable: 'it could not be read',
  failed: 'the rules could not be held against it',
} as const;

/** Matching within its limits, and what was passed over for them. */
export class RuleBudget {
  bytesLeft = BYTES_IN_ALL;
  readonly #look: Look;
  readonly #sources: readonly RuleSource[];
  readonly #key: string;
  /** null: whatever holds none of them may fit all the same. */
  readonly #needed: readonly Buffer[] | null;
  readonly #passed = new Map<string, string[]>();
  #msLeft = TIME_IN_ALL_MS;
  #thread: RuleThread | { readonly failure: string } | null = null;

  constructor(look: Look, sources: readonly RuleSource[]) {
    this.#look = look;
    this.#sources = sources;
    this.#key = createHash('sha256').update(JSON.stringify(sources)).digest('hex');
    this.#needed = neededWords(sources);
  }

  mayRead(): boolean {
    return this.bytesLeft > 0 && this.#msLeft > 0;
  }

  pass(named: string, why: keyof typeof WHY): void {
    this.#passed.set(WHY[why], [...(this.#passed.get(WHY[why]) ?? []), named]);
  }

  /** The rules that the bytes fit; none, and noted, if that cannot be told. The bytes are given away. */
  async match(named: string, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<readonly RuleMatch[]> {
    this.bytesLeft -= bytes.length;
    if (this.#sources.length === 0) return [];
    const key = `${this.#key} ${sha256}`;
    const known = REMEMBERED.get(key);
    if (known !== undefined) return known;
    if (this.#thread === null && this.#fitsNone(bytes)) return [];
    this.#thread ??= await startRules(this.#sources, START_MS);
    if ('failure' in this.#thread || this.#thread.faults.length > 0) {
      this.pass(named, 'failed');
      return [];
    }
    const startedMs = performance.now();
    const matches = await this.#thread.scan(bytes, Math.min(TIME_EACH_MS, this.#msLeft));
    this.#msLeft -= performance.now() - startedMs;
    if ('failure' in matches) {
      this.pass(named, 'failed');
      return [];
    }
    if (REMEMBERED.size >= MOST_REMEMBERED) REMEMBERED.clear();
    REMEMBERED.set(key, matches);
    return matches;
  }

  /** Without YARA, which is not loaded for what no rule can fit. */
  #fitsNone(bytes: Uint8Array): boolean {
    if (this.#needed === null || bytes.length > MOST_SEARCHED) return false;
    const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return !this.#needed.some((word) => searched.includes(word));
  }

  /** Ends the thread, and says what was passed over. */
  async end(): Promise<void> {
    const thread = this.#thread;
    const failure =
      thread === null ? null : 'failure' in thread ? thread.failure : (thread.faults[0]?.[1] ?? null);
    for (const [why, names] of this.#passed) {
      const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
      this.#look.unknowns.push({
        scope: 'dropped-files',
        what: `rules over ${names.slice(0, 3).join(', ')}${more}`,
        reason: why === WHY.failed && failure !== null ? `${why}: ${failure.split('\n')[0]}` : why,
      });
    }
    if (thread !== null && !('failure' in thread)) await thread.end();
  }
}
