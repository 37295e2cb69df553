import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { run, tourniquet } from '../end-to-end/program.ts';
import { report, runs } from '../support/length.ts';

/**
 * A real runner on this machine, killed with SIGKILL at each of its fdatasync(2) calls (by strace's injection: at that
 * moment a record is written and not yet certain) and at random times; then resumed. Each step adds a line to a file
 * of its own, so that an operation that was lost or done twice is seen outside of what the journal says.
 */
const STEPS = ['one', 'two', 'three'];
const YES = ['--yes', '--max-risk', 'irreversible'];

let root: string;
let count = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tourniquet-killed-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Scene {
  readonly folder: string;
  readonly tally: string;
  readonly book: string;
}

function scene(): Scene {
  count += 1;
  const folder = join(root, String(count));
  const tally = join(folder, 'tally');
  mkdirSync(tally, { recursive: true });
  const book = join(folder, 'tally.yaml');
  const steps = STEPS.map(
    (id) =>
      `  - name: ${id}\n    id: ${id}\n    why: it is counted\n    run: echo ${id} >>${tally}/${id}\n    verify: test -s ${tally}/${id}\n`,
  );
  writeFileSync(book, `name: tally\ntitle: Tally\nplatform: any\nsteps:\n${steps.join('')}`);
  return { folder: join(folder, 'incidents'), tally, book };
}

/** The program in a process of its own, with `before` in front; resolves with how it ended. */
async function play(before: readonly string[], args: readonly string[], killAfterMs: number | null = null) {
  const log = openSync(join(root, 'log'), 'w');
  const [file = '', ...rest] = [...before, ...tourniquet, ...args];
  const child = spawn(file, rest, {
    stdio: ['ignore', log, log],
    // strace counts the calls of each thread by itself: with one of them all are counted.
    env: { ...process.env, NODE_ENV: 'production', UV_THREADPOOL_SIZE: '1' },
    detached: true,
  });
  closeSync(log);
  const timer =
    killAfterMs === null
      ? undefined
      : setTimeout(() => {
          // The launcher may have started another process: all of the session, but not a command in its own.
          try {
            process.kill(-(child.pid ?? 0), 'SIGKILL');
          } catch {
            // It has ended by itself.
          }
        }, killAfterMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { code, signal };
}

const newest = (folder: string): string | null =>
  existsSync(folder) ? (readdirSync(folder).find((name) => !name.startsWith('.')) ?? null) : null;

/** What is wrong after all; empty: the same final state as an undisturbed run. */
function faultsOf({ tally }: Scene, records: readonly JournalRecord[]): string[] {
  const faults: string[] = [];
  for (const id of STEPS) {
    const lines = existsSync(join(tally, id)) ? readFileSync(join(tally, id), 'utf8') : '';
    if (lines !== `${id}\n`) faults.push(`${id} was done ${lines.split('\n').length - 1} times`);
    const ends = records.filter(
      ({ event }) =>
        'stepId' in event &&
        event.stepId === id &&
        ((event.kind === 'operation-finished' && event.outcome.status === 'done') ||
          (event.kind === 'operation-recovered' && event.verification.status === 'holds')),
    );
    if (ends.length !== 1) faults.push(`${id} has ${ends.length} ends in the journal`);
  }
  if (records.at(-1)?.event.kind !== 'runner-detached') faults.push('it was not let go of');
  if (!records.some(({ event }) => event.kind === 'incident-closed')) faults.push('it was not closed');
  return faults;
}

/** Goes on after a kill until it is closed. Gives what is wrong at the end. */
async function goOn(at: Scene): Promise<string[]> {
  const id = newest(at.folder);
  const dir = ['--incident-dir', at.folder];
  if (id === null) {
    // Killed before there was an incident: then nothing was done either, and one begins anew.
    if (readdirSync(at.tally).length > 0) return ['something was done without an incident'];
    await play([], [...dir, 'run', at.book, ...YES]);
  } else {
    const { altered, records, tornBytes } = await readJournal(join(at.folder, id, 'journal.jsonl'));
    if (altered !== null) return [`altered: ${altered.reason}`];
    if (tornBytes > 0 || !records.some(({ event }) => event.kind === 'incident-closed'))
      await play([], [...dir, 'resume', id, ...YES]);
  }
  const name = newest(at.folder) ?? '';
  const { records } = await readJournal(join(at.folder, name, 'journal.jsonl'));
  // Killed after the last deed and before the last word: that word is all that is missing.
  const isClosed = records.some(({ event }) => event.kind === 'incident-closed');
  const verified = run([...dir, 'verify', name]);
  const faults = faultsOf(at, records).filter((fault) => !(isClosed && fault === 'it was not let go of'));
  return verified.code === 0 ? faults : [...faults, verified.stdout];
}

const SYNCS = ['strace', '-f', '-qq', '-e', 'trace=fdatasync', '-o'];

describe('a runner that is killed', () => {
  test('at each record it writes, is resumed to the same end; half a record is recovered and said so', async () => {
    const whole = scene();
    const log = join(root, 'syncs');
    expect(await play([...SYNCS, log], ['--incident-dir', whole.folder, 'run', whole.book, ...YES])).toEqual({
      code: 0,
      signal: null,
    });
    const total = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('fdatasync(')).length;
    expect(total).toBeGreaterThan(20);
    const every = Math.ceil(total / runs(10, total));
    const figures = { runs: 0, faults: 0, recovered: 0, lost: [] as string[] };
    for (let round = 0; round < runs(1, 2); round += 1) {
      for (let at = 1 + (round % every); at <= total; at += every) {
        const one = scene();
        const inject = ['-e', `inject=fdatasync:error=EIO:signal=SIGKILL:when=${at}`];
        const before = [...SYNCS.slice(0, -1), ...inject, '-o', '/dev/null'];
        const ended = await play(before, ['--incident-dir', one.folder, 'run', one.book, ...YES]);
        expect(ended.code, `not killed at write ${at}`).not.toBe(0);
        figures.runs += 1;
        figures.faults += 1;
        const id = newest(one.folder);
        const journal = join(one.folder, id ?? '', 'journal.jsonl');
        // The record was written and not synced, so a machine that goes down may have kept any part of it.
        const cut = 1 + ((at * 7 + round * 13) % 90);
        const wasCut = id !== null && at > 2 && statSync(journal).size > 4000;
        if (wasCut) truncateSync(journal, statSync(journal).size - cut);
        const wrong = await goOn(one);
        figures.lost.push(...wrong.map((fault) => `killed at write ${at}: ${fault}`));
        if (wasCut) {
          const { records } = await readJournal(journal);
          const said = records.some(({ event }) => event.kind === 'journal-recovered');
          if (said) figures.recovered += 1;
          else figures.lost.push(`killed at write ${at}: half a record was not said`);
        }
      }
    }
    expect(figures.lost).toEqual([]);
    expect(figures.recovered).toBeGreaterThan(0);
    report({
      suite: 'killed at each journal write, half a record left',
      ...{ runs: figures.runs, faults: figures.faults, lost: 0, escaped: 0 },
    });
  }, 3_600_000);

  test('at any time, is resumed to the same end', async () => {
    const whole = scene();
    const begun = performance.now();
    await play([], ['--incident-dir', whole.folder, 'run', whole.book, ...YES]);
    const tookMs = performance.now() - begun;
    const wrong: string[] = [];
    const total = runs(8, 80);
    for (let number = 0; number < total; number += 1) {
      const one = scene();
      // Spread over the whole of a run, each a little elsewhere.
      const atMs = tookMs * ((number + Math.random()) / total);
      await play([], ['--incident-dir', one.folder, 'run', one.book, ...YES], atMs);
      wrong.push(...(await goOn(one)).map((fault) => `killed after ${Math.round(atMs)} ms: ${fault}`));
    }
    expect(wrong).toEqual([]);
    report({ suite: 'killed at random times', runs: total, faults: total, lost: 0, escaped: 0 });
  }, 3_600_000);
});
