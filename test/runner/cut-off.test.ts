import { appendFile, readFile, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { EventKind } from '../../src/engine/event.ts';
import type { JournalWriter } from '../../src/journal/writer.ts';
import { UserError } from '../../src/text/user-error.ts';
import { report } from '../support/length.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';

/** A journal that dies at its n-th append, before or after the record has reached the disk. */
function dyingAt(count: number, when: 'before' | 'after') {
  let left = count;
  return (journal: JournalWriter): JournalWriter => ({
    ...journal,
    async append(event, by) {
      left -= 1;
      if (left > 0) return journal.append(event, by);
      if (left === 0 && when === 'after') await journal.append(event, by);
      throw new UserError('journal-unwritable', 'the machine is gone');
    },
  });
}

/** A journal that dies when the first record of a kind is to be written. */
function dyingAtKind(kind: EventKind) {
  return (journal: JournalWriter): JournalWriter => ({
    ...journal,
    async append(event, by) {
      if (event.kind === kind) throw new UserError('journal-unwritable', 'the machine is gone');
      return journal.append(event, by);
    },
  });
}

const book = playbook([
  step('one'),
  step('two', { uses: 'isolate-once' }),
  step('three', { with: { last: [4, 5, 6] } }),
]);

describe('a runner that dies', () => {
  for (const when of ['before', 'after'] as const) {
    test(`at any record, ${when} it is written, is followed by one that ends in the same state, doing nothing twice`, async () => {
      const undisturbed = await paperIncident();
      const runner = await undisturbed.open(book);
      await answerAll(runner);
      const total = runner.view().incident.seq;
      await runner.leave('test');
      expect(total).toBeGreaterThan(30);
      for (let count = 3; count < total; count++) {
        const paper = await paperIncident();
        const first = await paper.open(book, dyingAt(count, when));
        const folder = first.view().folder;
        await answerAll(first);
        await first.leave('died');
        const second = await paper.resume(folder);
        await answerAll(second);
        expect(second.view().question, `cut at ${count}`).toEqual({ kind: 'all-finished', unfinished: [] });
        expect([...paper.host.inForce].map((id) => id.split('.')[0]).sort()).toEqual(
          [...undisturbed.host.inForce].map((id) => id.split('.')[0]).sort(),
        );
        await second.leave('test');
      }
      report({
        suite: `on paper: dead ${when} each record`,
        ...{ runs: total - 3, faults: total - 3, lost: 0, escaped: 0 },
      });
    });
  }

  test('after a change, or after its undo, and before that is written: what has read the file is told once more', async () => {
    const paper = await paperIncident();
    const first = await paper.open(book, dyingAtKind('operation-finished'));
    await answerAll(first);
    await first.leave('died');
    expect([...paper.host.inForce]).toHaveLength(1);
    expect(paper.host.toldAnew).toEqual([]);
    const second = await paper.resume(first.view().folder);
    await answerAll(second);
    expect(paper.host.toldAnew).toEqual(['one.1.1']);
    await second.leave('test');

    const third = await paper.resume(first.view().folder, dyingAtKind('operation-undone'));
    await third.send({ kind: 'undo-step', stepId: 'three' });
    await third.whenIdle();
    await third.leave('died');
    const gone = paper.host.deeds.at(-1)?.split(' ')[1];
    expect(paper.host.deeds.at(-1)).toMatch(/^undo three/);
    const fourth = await paper.resume(first.view().folder);
    await fourth.whenIdle();
    expect(paper.host.toldAnew).toEqual(['one.1.1', gone]);
    await fourth.leave('test');
  });

  test('in the middle of a record leaves a journal that is recovered, and says so', async () => {
    const paper = await paperIncident();
    const first = await paper.open(book);
    await answerAll(first, (runner) => runner.view().incident.currentStepId === 'two');
    await first.leave('test');
    const journal = `${first.view().folder}/journal.jsonl`;
    const size = (await readFile(journal)).length;
    await truncate(journal, size - 20);
    const second = await paper.resume(first.view().folder);
    const recovered = second.records().find((record) => record.event.kind === 'journal-recovered');
    expect(recovered?.event).toMatchObject({ kind: 'journal-recovered' });
    await answerAll(second);
    expect(second.view().question).toEqual({ kind: 'all-finished', unfinished: [] });
    await second.leave('test');
  });

  test('an altered journal is refused for writing and names the first bad record', async () => {
    const paper = await paperIncident();
    const first = await paper.open(book);
    await answerAll(first);
    await first.leave('test');
    const journal = `${first.view().folder}/journal.jsonl`;
    const text = await readFile(journal, 'utf8');
    const lines = text.split('\n');
    lines[4] = (lines[4] ?? '').replace('"by":"', '"by":"x');
    await truncate(journal, 0);
    await appendFile(journal, lines.join('\n'));
    await expect(paper.resume(first.view().folder)).rejects.toMatchObject({
      code: 'journal-altered',
      message: expect.stringContaining('Record 5'),
    });
  });

  test('a second runner is kept out while the first is alive', async () => {
    const paper = await paperIncident();
    const first = await paper.open(book);
    await expect(paper.resume(first.view().folder)).rejects.toMatchObject({ code: 'incident-locked' });
    await first.leave('test');
    const second = await paper.resume(first.view().folder);
    await second.leave('test');
  });
});
