import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  draftFolder,
  findIncidentFolder,
  listIncidentFolders,
  makePrivate,
} from '../../src/journal/folder.ts';
import { storeFile } from '../../src/journal/stored-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tourniquet-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modes = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${entry.isDirectory() ? 'd' : 'f'}${(statSync(path).mode & 0o777).toString(8)}`;
  });

describe('the folder of incidents', () => {
  test.for([0o000, 0o022, 0o077])('is 0700 and its files 0600 with umask %o', async (umask) => {
    const before = process.umask(umask);
    try {
      const { finish } = await draftFolder(join(root, 'state/incidents'), 'one', 'text', null);
      const folder = await finish();
      const stored = await storeFile(folder.evidence, 'a.1.1/exe');
      await stored.write(Buffer.from('bytes'));
      await stored.close();
    } finally {
      process.umask(before);
    }
    // What is above the incidents' own folder is only made, never changed: whatever the umask left of 0700.
    const seen = modes(join(root, 'state/incidents'));
    expect(new Set(seen)).toEqual(new Set(['d700', 'f600']));
  });

  test('is refused when others can write to it, when it is a link, and when it cannot be made', async () => {
    mkdirSync(join(root, 'open'));
    chmodSync(join(root, 'open'), 0o777);
    await expect(makePrivate(join(root, 'open'))).rejects.toMatchObject({ code: 'folder-open-to-others' });
    mkdirSync(join(root, 'mine'), { mode: 0o700 });
    symlinkSync(join(root, 'mine'), join(root, 'link'));
    await expect(makePrivate(join(root, 'link'))).rejects.toMatchObject({ code: 'folder-open-to-others' });
    // mkdir(2) says ENOENT there, which Node's own `recursive` takes as a reason to try for ever.
    await expect(makePrivate('/proc/nothing/incidents')).rejects.toMatchObject({ code: 'folder-unwritable' });
  });

  test('that cannot be read is not one without incidents', async () => {
    expect(await listIncidentFolders(join(root, 'none'))).toEqual([]);
    mkdirSync(join(root, 'incidents/one'), { recursive: true });
    // A link that leads to itself cannot be read by root either (ELOOP, path_resolution(7)).
    symlinkSync('loop', join(root, 'loop'));
    await expect(listIncidentFolders(join(root, 'loop'))).rejects.toMatchObject({
      code: 'folder-unreadable',
    });
    symlinkSync('journal.jsonl', join(root, 'incidents/one/journal.jsonl'));
    expect(await listIncidentFolders(join(root, 'incidents'))).toMatchObject([
      { path: join(root, 'incidents/one') },
    ]);
    await expect(findIncidentFolder(join(root, 'incidents'), 'one')).rejects.toMatchObject({
      code: 'folder-unreadable',
    });
  });
});
