/**
 * YARA in a thread of its own (see rule-thread.ts): compiling and matching block, and a rule may take as long as it
 * likes, so the thread can be ended from outside. Bytes come in, matches go out; nothing here opens a file of the host.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Compiler, type Scanner } from '@virustotal/yara-x';
import type { RuleMatch, RuleSource } from '../../findings/file-rules.ts';
import type { RuleAnswer, RuleJob } from './rule-messages.ts';
import { loadYara } from './yara-module.ts';

const MOST_OFFSETS = 3;
const MOST_STRINGS = 12;
const MOST_MATCHES = 20;

const { sources } = workerData as { readonly sources: readonly RuleSource[] };
loadYara();
const faults: string[][] = [];
const scanner = compile();
say({ kind: 'compiled', faults });

parentPort?.on('message', ({ id, bytes, timeoutMs }: RuleJob) => {
  try {
    const matches = scanner === null ? [] : scan(scanner, bytes, timeoutMs);
    say({ kind: 'scanned', id, matches, failure: null });
  } catch (error) {
    say({
      kind: 'scanned',
      id,
      matches: [],
      failure: error instanceof Error ? error.message : String(error),
    });
  }
});

/** Every file by itself, so that one that is wrong does not keep the others' mistakes from being told. */
function compile(): Scanner | null {
  const compiler = new Compiler();
  for (const { name, text } of sources) {
    const before = compiler.errors.length;
    try {
      compiler.newNamespace(name);
      compiler.addSource(text);
    } catch (error) {
      const told = compiler.errors.slice(before);
      faults.push([name, ...(told.length > 0 ? told : [String(error)])]);
    }
  }
  try {
    if (faults.length > 0) return null;
    // One for all files: making it costs more than most files do.
    const made = compiler.build().scanner();
    made.setMaxMatchesPerPattern(MOST_OFFSETS);
    return made;
  } finally {
    compiler.free();
  }
}

/** What the library answers, as its README has it. */
interface Answer {
  readonly valid: boolean;
  readonly errors?: readonly string[];
  readonly matches: readonly {
    readonly identifier: string;
    readonly namespace: string;
    readonly isPrivate: boolean;
    readonly metadata: readonly { readonly identifier: string; readonly value: unknown }[];
    readonly patterns: readonly {
      readonly identifier: string;
      readonly isPrivate: boolean;
      readonly matches: readonly { readonly offset: number }[];
    }[];
  }[];
}

function scan(over: Scanner, bytes: Uint8Array, timeoutMs: number): RuleMatch[] {
  over.setTimeoutMs(timeoutMs);
  const answer = over.scan(bytes) as Answer;
  if (!answer.valid) throw new Error(answer.errors?.[0] ?? 'the scan failed');
  return answer.matches
    .filter(({ isPrivate }) => !isPrivate)
    .slice(0, MOST_MATCHES)
    .map(matchOf);
}

function matchOf({ identifier, namespace, metadata, patterns }: Answer['matches'][number]): RuleMatch {
  const meta = (name: string) => metadata.find((one) => one.identifier === name)?.value;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 300) : null);
  const score = Number(meta('score') ?? Number.NaN);
  return {
    rule: identifier,
    file: namespace,
    description: text(meta('description')),
    score: Number.isFinite(score) ? score : null,
    reference: text(meta('reference')),
    strings: patterns
      .filter((pattern) => !pattern.isPrivate && pattern.matches.length > 0)
      .slice(0, MOST_STRINGS)
      .map((pattern) => ({
        name: pattern.identifier,
        offsets: pattern.matches.slice(0, MOST_OFFSETS).map(({ offset }) => offset),
      })),
  };
}

function say(answer: RuleAnswer): void {
  parentPort?.postMessage(answer);
}
