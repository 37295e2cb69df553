import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findIncidentFolder } from '../../src/journal/folder.ts';

test('an incident that is named in part is not guessed, and its whole name is said', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-near-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const name = 'web-07-20261123-041200';
  await mkdir(join(root, name));
  await writeFile(join(root, name, 'journal.jsonl'), '');
  await expect(findIncidentFolder(root, 'web-07')).rejects.toMatchObject({
    code: 'no-such-incident',
    hint: `Did you mean ${name}?`,
  });
  expect((await findIncidentFolder(root, name)).path).toBe(join(root, name));
});
