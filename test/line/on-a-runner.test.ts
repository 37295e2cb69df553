import { expect, test } from 'vitest';
import { paperIncident, playbook, step } from '../support/paper-incident.ts';
import { Conversation } from './conversation.ts';

test('the real runner is talked through: run, kept, by hand, undone, closed', async () => {
  const paper = await paperIncident();
  paper.host.confirmWithinMs = 60_000;
  const runner = await paper.open(
    playbook([
      step('block', { with: { last: [1, 2, 3, 4, 5, 6] } }),
      step('isolate', { uses: 'isolate-once' }),
      step('rebuild', { uses: 'manual', manual: { instructions: ['do'], record: [] } }),
      step('watch', { uses: 'watch-shortly' }),
    ]),
  );
  const talk = new Conversation(runner, { nowMs: Date.now });
  await talk.until('[1/4] block');
  expect(await talk.answer('r')).toContain('1 [x] ');
  await talk.until('[2/4] isolate');
  await talk.answer('r');
  await talk.until('You are still connected?');
  await talk.answer('');
  await talk.until('[3/4] rebuild');
  await talk.answer('d');
  await talk.answer('rebuilt from an image');
  await talk.until('[4/4] watch');
  expect(await talk.answer('r')).toContain('would: watch for 30 ms, look every 5 ms');
  await talk.until('Every step is finished');
  await talk.answer('u 1');
  await talk.answer('y');
  await talk.until('block: undone');
  await talk.until('Every step is finished');
  await talk.answer('c done');
  expect(await talk.result).toMatchObject({ result: 'closed', notRun: ['block'] });
  expect(paper.host.deeds.filter((deed) => deed.startsWith('undo'))).toHaveLength(6);
});

test('left and taken up again, it goes on with the same question', async () => {
  const paper = await paperIncident();
  const first = await paper.open(playbook([step('block'), step('again', { with: { last: [4, 5, 6] } })]));
  const talk = new Conversation(first);
  await talk.answer('r');
  await talk.until('[2/2] again');
  await talk.answer('q');
  expect(await talk.result).toMatchObject({ result: 'left', notRun: ['again'] });

  const second = await paper.resume(first.view().folder);
  const resumed = new Conversation(second);
  await resumed.until('1 of 2 steps finished');
  await resumed.until('[2/2] again');
  await resumed.answer('r');
  await resumed.until('Every step is finished');
  await resumed.answer('c');
  await resumed.answer('');
  expect(await resumed.result).toMatchObject({ result: 'closed' });
});
