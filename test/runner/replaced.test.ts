import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { createLocalHost } from '../../src/host/local.ts';
import { incidentFolder } from '../../src/journal/folder.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { openIncident, resumeIncident } from '../../src/runner/open-incident.ts';
import { answerAll, playbook, step } from '../support/paper-incident.ts';

/**
 * The worst moment for a forced change of hands: the first runner has journalled that it begins, and hangs before it
 * does. When it wakes, what it then asks of the host must not be done: the other one may have done it by then.
 */
test('a runner that hung between its record and its deed does nothing when it wakes', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-replaced-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const tally = join(root, 'tally');
  await writeFile(tally, '');
  const book = playbook([
    step('count', { uses: 'run', run: { shell: `echo once >>${tally}` }, timeoutMs: 60_000 }),
  ]);
  const open = () => createLocalHost({ hostFolderRoot: join(root, 'host') });
  const hanging = Promise.withResolvers<void>();
  const hung = Promise.withResolvers<void>();
  const local = open();
  const sleepy: Host = {
    ...local,
    async perform(operation, receipt, context) {
      hung.resolve();
      await hanging.promise;
      return local.perform(operation, receipt, context);
    },
  };
  const options = {
    actions,
    session: { responder: 'ana', front: 'test', version: '0' },
    localHostname: 'here',
    sampleMs: 1,
  } as const;
  const first = await openIncident(
    { ...options, host: sleepy },
    {
      root: join(root, 'incidents'),
      playbook: book,
      playbookText: '# paper\n',
      inputs: {},
      transport: null,
      skip: [],
    },
  );
  // It never hears that it was asked to go: only the host stands between it and its deed.
  first.start();
  const answering = answerAll(first);
  await hung.promise;
  const folder = incidentFolder(first.view().folder);
  const second = (
    await resumeIncident(
      {
        ...options,
        session: { ...options.session, responder: 'bo' },
        host: open(),
        takeOver: { reason: 'it hangs', patienceMs: 0 },
      },
      folder,
    )
  ).start();
  await answerAll(second);
  hanging.resolve();
  await answering;
  await first.leave('test');
  expect(first.view().stopped).toContain('taken over');
  expect(second.view().question).toEqual({ kind: 'all-finished', unfinished: [] });
  await second.leave('test');
  expect(readFileSync(tally, 'utf8')).toBe('once\n');
  const { records, altered } = await readJournal(folder.journal);
  expect(altered).toBeNull();
  expect(records.some(({ event }) => event.kind === 'taken-over' && event.wasForced)).toBe(true);
}, 60_000);
