import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { checkpointPhrase, findCheckpoint } from '../../src/journal/checkpoint.ts';
import { incidentFolder } from '../../src/journal/folder.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { verifyIncident } from '../../src/journal/verify-incident.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';

describe('a checkpoint phrase', () => {
  test('is six words of the head, the same as BIP-39 would make of its first 66 bits', () => {
    expect(checkpointPhrase('0'.repeat(64))).toBe('abandon abandon abandon abandon abandon abandon');
    expect(checkpointPhrase('f'.repeat(64))).toBe('zoo zoo zoo zoo zoo zoo');
    expect(checkpointPhrase(`00200c${'0'.repeat(58)}`)).toBe('ability about abandon abandon abandon abandon');
  });

  test('is found in any spelling of the same words, and says what is none', () => {
    const hashes = ['1'.repeat(64), 'a'.repeat(64)];
    const words = checkpointPhrase('a'.repeat(64));
    expect(findCheckpoint(hashes, ` ${words.toUpperCase().replaceAll(' ', ', ')}.`)).toEqual({
      status: 'contained',
      seq: 2,
    });
    expect(findCheckpoint(hashes, 'abandon')).toMatchObject({ status: 'no-phrase' });
    expect(findCheckpoint(hashes, 'zzz zoo zoo zoo zoo zoo')).toMatchObject({
      hint: expect.stringContaining('"zzz"'),
    });
  });

  test('is still contained after more was written, and not in a journal that was cut short', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner);
    await runner.leave('test');
    const folder = incidentFolder(runner.view().folder);
    const { head, records } = await readJournal(folder.journal);
    const words = checkpointPhrase(head);
    const second = await paper.resume(folder.path);
    await second.leave('test');
    const check = await verifyIncident(folder, words);
    expect(check).toMatchObject({ faults: [], checkpoint: { status: 'contained', seq: records.length } });

    const lines = (await readFile(folder.journal, 'utf8')).split('\n').slice(0, records.length - 1);
    await writeFile(folder.journal, `${lines.join('\n')}\n`);
    const cut = await verifyIncident(folder, words);
    expect(cut.faults.map(({ code }) => code)).toContain('lost-checkpoint');
  });
});
