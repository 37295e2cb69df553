import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/engine/command.ts';
import { decide } from '../../src/engine/decide.ts';
import { fold } from '../../src/engine/reduce.ts';
import { undoable } from '../../src/engine/why-not.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { paperIncident, playbook, step } from '../support/paper-incident.ts';

const STEPS = ['one', 'two', 'three'];
const book = playbook([
  step('one'),
  step('two', { uses: 'isolate-once', needs: ['one'] }),
  step('three', { with: { last: [4, 5, 6] }, retries: 1 }),
]);

/** A press of some key: a command that may or may not make sense at the moment. */
const press = fc.oneof(
  { weight: 4, arbitrary: fc.constant((runner: Runner) => answer(runner)) },
  fc.constantFrom(...STEPS).chain((stepId) =>
    fc.constantFrom(
      (): Command => ({ kind: 'undo-step', stepId }),
      (): Command => ({ kind: 'skip-step', stepId, reason: 'not now' }),
      (): Command => ({ kind: 'do-by-hand', stepId, record: 'done elsewhere' }),
      (): Command => ({ kind: 'open-step', stepId }),
      (): Command => ({ kind: 'look-again', stepId }),
      (): Command => ({ kind: 'accept-failure', stepId }),
      (runner: Runner): Command => ({
        kind: 'choose-findings',
        stepId,
        findingIds: someFindings(runner, stepId),
      }),
    ),
  ),
  fc.constant((): Command => ({ kind: 'add-note', stepId: null, text: 'seen' })),
);

describe('whatever is pressed, in whatever order', () => {
  test('nothing is done twice, what is in force can be taken back, and the journal says it all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(press, { maxLength: 40 }),
        fc.array(fc.nat(50), { maxLength: 3 }),
        async (presses, failures) => {
          const paper = await paperIncident();
          let performed = 0;
          paper.host.fail = () => (failures.includes(performed++) ? 'it did not work' : null);
          const runner = await paper.open(book);
          for (const make of presses) {
            await runner.whenIdle();
            const command = make(runner);
            if (command !== null) await runner.send(command);
          }
          await runner.whenIdle();
          expect(runner.failure).toBeNull();
          const { incident } = runner.view();
          expect(fold(runner.records())).toEqual(incident);
          expect(decide(incident)[0]?.kind).toBe('ask');
          const known = incident.steps.flatMap(undoable).map((state) => state.operation.id);
          for (const id of paper.host.inForce) expect(known).toContain(id);
          await runner.leave('test');
        },
      ),
      { numRuns: 60 },
    );
  });
});

function answer(runner: Runner): Command | null {
  const { question } = runner.view();
  switch (question?.kind) {
    case 'approval':
      return { kind: 'approve-plan', stepId: question.stepId, planHash: question.planHash, how: 'key' };
    case 'confirmation':
      return { kind: 'confirm-operation', operationId: question.operationId, how: 'responder' };
    case 'failure':
      return { kind: 'look-again', stepId: question.stepId };
    default:
      return null;
  }
}

function someFindings(runner: Runner, stepId: string): string[] {
  const findings = runner.view().incident.steps.find((candidate) => candidate.id === stepId)?.findings ?? [];
  return findings.filter((_, index) => index % 2 === 0).map((finding) => finding.id);
}
