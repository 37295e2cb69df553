import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { incidentFolder } from '../../src/journal/folder.ts';
import { verifyIncident } from '../../src/journal/verify-incident.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';

test('a playbook file that is changed meanwhile changes nothing of an incident, and verify names it', async () => {
  const paper = await paperIncident();
  const first = await paper.open(playbook([step('one'), step('two', { with: { last: [4, 5, 6] } })]));
  await answerAll(first, (runner) => runner.view().incident.currentStepId === 'two');
  const { folder } = first.view();
  await first.leave('test');
  const evil = 'name: evil\nsteps:\n  - id: evil\n    uses: run\n    run: touch pwned\n';
  await writeFile(join(folder, 'playbook.yaml'), evil);

  const second = await paper.resume(folder);
  const { incident } = second.view();
  expect(incident.steps.map(({ id }) => id)).toEqual(['one', 'two']);
  expect(incident.playbook.name).toBe('paper');
  await answerAll(second);
  const { steps } = second.view().incident;
  expect(steps.map(({ status }) => status)).toEqual(['done', 'done']);
  await second.leave('test');
  const { faults } = await verifyIncident(incidentFolder(folder));
  expect(faults).toMatchObject([{ code: 'other-playbook', where: 'playbook.yaml' }]);
});
