import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import { transcriptVerb } from '../../src/cli/hand-over/transcript.ts';
import { transcriptText } from '../../src/cli/hand-over/transcript-text.ts';
import { incidentFolder } from '../../src/journal/folder.ts';
import { startBrowser } from '../support/browser.ts';
import {
  makeDone,
  makeJournal,
  makeOpening,
  makePlan,
  makePlaybook,
  makeProcess,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

/** An incident on the disk whose operations have each printed `text`. */
async function incidentOf(outputs: number, text: string, nameOf = (id: string) => `${id}.log`) {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-links-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const targets = Array.from({ length: outputs }, (_, pid) => ({
    kind: 'kill-process' as const,
    process: makeProcess(pid, 'x'),
  }));
  const plan = makePlan('kill', 1, targets);
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('kill')])),
    ...makeDone('kill', plan, (id) => ({ name: nameOf(id), sizeBytes: text.length, sha256: 'f'.repeat(64) })),
  ]);
  const folder = incidentFolder(join(root, 'web-07-20261123-0412'));
  await mkdir(folder.output, { recursive: true });
  await writeFile(folder.journal, makeJournal(records).text);
  for (const { id } of plan.operations) await writeFile(join(folder.output, `${id}.log`), text);
  return { root, folder };
}

test('a page holds the beginning and the end of a long output, and leads to the whole of it', async () => {
  const { root, folder } = await incidentOf(1, `first\n${'between\n'.repeat(5000)}last\n`);
  await mkdir(join(root, 'out of the way'));
  const page = join(root, 'out of the way/page.html');
  const context = { root, stdout: process.stdout, stderr: { write: () => true } } as unknown as CliContext;
  await transcriptVerb(context, folder.path, { format: 'html', output: page });
  const browser = await startBrowser();
  onTestFinished(() => browser.close());
  const shown = await browser.newPage();
  await shown.goto(`file://${page}`);
  for (const fold of await shown.locator('#steps details').all())
    await fold.locator('summary').first().click();
  const said = await shown.locator('#steps').textContent();
  expect(said).toContain('first');
  expect(said).toContain('last');
  expect(said).toMatch(/\d+ bytes left out/);
  await shown.locator('#steps a', { hasText: 'bytes left out' }).click();
  await shown.waitForURL(`file://${folder.output}/kill.1.1.log`);
  expect((await shown.locator('body').textContent())?.match(/between/g)).toHaveLength(5000);
}, 120_000);

test('what is printed, or has placeholders for names, leads nowhere; nor does a name that is no plain one', async () => {
  const { folder } = await incidentOf(1, 'said');
  expect(await transcriptText(folder, 'html')).not.toContain('.log"');
  for (const name of ['../../etc/passwd', 'javascript:alert(1)', '//evil.example/x', '.hidden', 'a b', '']) {
    const hostile = await incidentOf(1, 'said', () => name);
    const page = await transcriptText(hostile.folder, 'html', (inner) => `./output/${inner}`);
    expect(page).not.toContain('href="./output');
  }
});

test('a thousand outputs of the worst kind make no page of more than 20 MB', async () => {
  const { folder } = await incidentOf(1000, `${'\u001b\'"<&'.repeat(2000)}\n`);
  const page = await transcriptText(folder, 'html', (name) => `./output/${name}`);
  expect(page.length).toBeLessThan(20e6);
  expect(page).toContain('bytes left out');
}, 120_000);
