import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { EventKind, JournalRecord } from '../../src/engine/event.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { Incidents, run, start } from './program.ts';

/** A second step that goes on until its file is there. It changes nothing. */
const playbook = (gate: string) => `name: two
title: Two steps
platform: any
steps:
  - name: First
    id: first
    why: It is there to be done.
    run: echo first
  - name: Second
    id: second
    why: It takes as long as the test wants.
    run: |
      echo waiting
      while [ ! -e ${gate} ]; do sleep 0.1; done
      echo done
`;

/** Its records as they are printed, and how it ended. */
class Running {
  readonly child: ReturnType<typeof start>;
  readonly records: JournalRecord[] = [];
  result: { result: string; message: string } | null = null;
  #waiting: (() => void)[] = [];
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[]) {
    this.child = start([...args, '--json']);
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const value = JSON.parse(line) as JournalRecord & { result: string; message: string };
      if (value.event) this.records.push(value);
      else this.result = value;
      for (const look of this.#waiting) look();
    });
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  until(kind: EventKind, stepId?: string): Promise<JournalRecord> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.records.find(
          ({ event }) =>
            event.kind === kind && (stepId === undefined || ('stepId' in event && event.stepId === stepId)),
        );
        if (found) resolve(found);
      };
      this.#waiting.push(look);
      look();
      void this.ended.then(() => reject(new Error(`ended before ${kind}: ${JSON.stringify(this.result)}`)));
    });
  }
}

describe('two runners on one incident', () => {
  let incidents: Incidents;
  let count = 0;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());
  const yes = ['--yes', '--max-risk', 'irreversible'];

  /** An incident in the middle of its second step, in a folder of its own. */
  async function begun() {
    count += 1;
    const folder = join(incidents.folder, String(count));
    const gate = join(incidents.folder, `gate-${count}`);
    const file = join(incidents.folder, `two-${count}.yaml`);
    await writeFile(file, playbook(gate));
    const at = ['--incident-dir', folder];
    const first = new Running([...at, '--responder', 'ana', 'run', file, ...yes]);
    await first.until('operation-started', 'second');
    const id = readdirSync(folder).find((name) => !name.startsWith('.')) ?? '';
    const output = join(folder, id, 'output', 'second.1.1.log');
    await expect
      .poll(() => existsSync(output) && readFileSync(output, 'utf8'), { timeout: 20_000 })
      .toBe('waiting\n');
    // What the host keeps of a command while it runs.
    onTestFinished(() => rm(join('/var/lib/tourniquet/host', id), { recursive: true, force: true }));
    return {
      at,
      id,
      first,
      gate,
      journal: join(folder, id, 'journal.jsonl'),
      lock: join(folder, id, 'lock'),
    };
  }

  test('the second reads along, live, to the end', async () => {
    const { at, id, first, gate } = await begun();
    const second = new Running([...at, '--responder', 'bo', 'resume', id, ...yes]);
    await second.until('operation-started', 'second');
    await writeFile(gate, '');
    expect(await first.ended).toBe(0);
    expect(await second.ended).toBe(0);
    expect(second.records.at(-1)?.event.kind).toMatch(/incident-closed|runner-detached/);
    const written = await incidents.records(join(String(count), id));
    expect(written.filter(({ event }) => event.kind === 'runner-attached')).toHaveLength(1);
  });

  test('taking over tells the first, who lets go; the command goes on and is attached to', async () => {
    const { at, id, first, gate, journal } = await begun();
    const second = new Running([
      ...at,
      '--responder',
      'bo',
      'resume',
      id,
      '--take-over',
      'ana sleeps',
      ...yes,
    ]);
    const { event } = await second.until('taken-over');
    expect(event).toMatchObject({ reason: 'ana sleeps', wasForced: false, from: { responder: 'ana' } });
    expect(await first.ended).toBe(5);
    expect(first.result).toMatchObject({ result: 'stopped' });
    expect(first.result?.message).toContain('taken over by bo: ana sleeps');
    await writeFile(gate, '');
    expect(await second.ended).toBe(0);
    const { records, altered } = await readJournal(journal);
    expect(altered).toBeNull();
    const finished = records.filter(
      (record) => record.event.kind === 'operation-finished' && record.event.stepId === 'second',
    );
    expect(finished).toHaveLength(1);
    const told = records.findIndex((record) => record.event.kind === 'taken-over');
    expect(records.slice(0, told).some((record) => record.event.kind === 'runner-detached')).toBe(true);
  }, 90_000);

  test('one that does not answer loses it all the same, and writes nothing when it wakes', async () => {
    const { at, id, first, gate, journal } = await begun();
    process.kill(first.child.pid ?? 0, 'SIGSTOP');
    // The launcher may have started another process: what holds the lock is what is stopped.
    const holder = JSON.parse(await readFile(join(journal, '..', 'lock'), 'utf8')) as { pid: number };
    process.kill(holder.pid, 'SIGSTOP');
    const second = new Running([...at, '--responder', 'bo', 'resume', id, '--take-over', 'hangs', ...yes]);
    const { event } = await second.until('taken-over');
    expect(event).toMatchObject({ wasForced: true });
    process.kill(holder.pid, 'SIGCONT');
    process.kill(first.child.pid ?? 0, 'SIGCONT');
    expect(await first.ended).toBe(5);
    expect(first.result?.message).toContain('taken over by bo');
    await writeFile(gate, '');
    expect(await second.ended).toBe(0);
    const { records, altered } = await readJournal(journal);
    expect(altered).toBeNull();
    const at2 = records.findIndex((record) => record.event.kind === 'taken-over');
    expect(records.slice(at2).every(({ by }) => by === 'bo' || by === 'runner')).toBe(true);
    expect(run([...at, 'verify', id]).code).toBe(0);
    expect(existsSync(join(journal, '..', 'lock'))).toBe(false);
    expect(execFileSync('ls', [join(journal, '..')], { encoding: 'utf8' })).not.toContain('lock');
  }, 90_000);
});
