import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runHeadless } from '../../src/headless/run-headless.ts';
import type { Risk } from '../../src/operations/risk.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { paperIncident, playbook, step } from '../support/paper-incident.ts';

async function run(runner: Runner, maxRisk: Risk, signal?: AbortSignal) {
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const result = await runHeadless({
    handle: runner,
    output,
    format: 'json',
    approve: true,
    maxRisk,
    choose: 'malicious',
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    result,
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

const STEPS = [
  step('block', { with: { last: [1, 2, 3, 4, 5, 6] } }),
  step('isolate', { uses: 'isolate-once' }),
  step('rebuild', { uses: 'manual', manual: { instructions: ['do'], record: [] } }),
  step('watch', { uses: 'watch-shortly' }),
];

test('the real runner is walked to its end, and every record is written once', async () => {
  const paper = await paperIncident();
  paper.host.confirmWithinMs = 60_000;
  const runner = await paper.open(playbook(STEPS));
  const { result, lines } = await run(runner, 'irreversible');
  expect(result).toMatchObject({ result: 'done', skipped: ['rebuild'], failed: [], notRun: [] });
  const seen = lines.slice(0, -1).map((record) => record.seq);
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  expect(lines.map((record) => record.event?.kind)).toContain('operation-confirmed');
  expect(runner.view().incident.closedAt).not.toBeNull();
});

test('what is above the mandate is left for another session, which goes on from there', async () => {
  const paper = await paperIncident();
  const first = await paper.open(playbook(STEPS));
  const stopped = await run(first, 'read-only');
  expect(stopped.result).toMatchObject({ result: 'needs-approval', stepId: 'block' });
  expect(paper.host.deeds).toEqual([]);
  const second = await paper.resume(first.view().folder);
  const { result, lines } = await run(second, 'irreversible');
  expect(result.result).toBe('done');
  expect(lines[0]?.event.kind).toBe('runner-attached');
});

test('interrupted, it leaves; the lock is free for the next', async () => {
  const paper = await paperIncident();
  const runner = await paper.open(playbook(STEPS));
  const { result } = await run(runner, 'irreversible', AbortSignal.abort());
  expect(result.result).toBe('interrupted');
  const next = await paper.resume(runner.view().folder);
  expect((await run(next, 'irreversible')).result.result).toBe('done');
});

test('what comes back however often it is dealt with does not keep it going for ever', async () => {
  const paper = await paperIncident();
  const runner = await paper.open(playbook([step('block'), step('watch', { uses: 'watch-shortly' })]));
  const { result } = await run(runner, 'irreversible');
  expect(result).toMatchObject({ result: 'failed' });
  expect(result.message).toContain('block came up 13 times: what it deals with keeps coming back.');
});
