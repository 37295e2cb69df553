import { appendFile, readFile, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
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
