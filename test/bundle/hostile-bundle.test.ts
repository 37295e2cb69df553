import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { extract, type Header, pack } from 'tar-stream';
import { expect, onTestFinished, test } from 'vitest';
import { makeIncident, run } from './make-incident.ts';

interface Entry {
  header: Header;
  bytes: Buffer;
}

async function unpacked(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of Readable.from([zstdDecompressSync(await readFile(file))]).pipe(extract())) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    entries.push({ header: entry.header, bytes: Buffer.concat(pieces) });
  }
  return entries;
}

async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { header, bytes } of entries) {
    const { name, type, linkname } = header;
    tar.entry({ name, type: type ?? 'file', ...(linkname ? { linkname } : {}), size: bytes.length }, bytes);
  }
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const file = (name: string, bytes: string | Buffer = 'x', more: Partial<Header> = {}): Entry => ({
  header: { name, type: 'file', ...more } as Header,
  bytes: Buffer.from(bytes),
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const at = (entries: Entry[], name: string) => {
  const found = entries.find(({ header }) => header.name.endsWith(name));
  if (found === undefined) throw new Error(`${name} is not there`);
  return found;
};

/** A good bundle, changed, and with a manifest that fits what it was changed to. */
async function forged(
  change: (entries: Entry[], id: string) => Entry[] | undefined,
  isManifestForged = false,
) {
  const { root, id } = await makeIncident();
  const path = join(root, 'b.tar.zst');
  await run(root, ['bundle', id, '--no-sign', '-o', path]);
  const before = await unpacked(path);
  const entries = change(before, id) ?? before;
  if (isManifestForged) {
    const manifest = at(entries, '/MANIFEST.json');
    const read = JSON.parse(manifest.bytes.toString('utf8'));
    read.files = entries
      .filter((entry) => entry !== manifest)
      .map(({ header, bytes }) => ({
        name: header.name.slice(id.length + 1),
        sizeBytes: bytes.length,
        sha256: sha256(bytes),
      }));
    manifest.bytes = Buffer.from(JSON.stringify(read));
  }
  await writeFile(path, zstdCompressSync(await packed(entries)));
  return path;
}

async function emptyRoot() {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-import-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** Both ways of reading it refuse; nothing is left behind, in the folder or beside it. */
async function expectRefused(path: string, words: RegExp) {
  const root = await emptyRoot();
  const { code, error } = await run(root, ['import', path]);
  expect({ code, message: error?.message }).toMatchObject({
    code: null,
    message: expect.stringMatching(words),
  });
  expect(readdirSync(root)).toEqual([]);
  const verified = await run(root, ['verify', path]);
  expect(verified.code === null ? verified.error?.message : verified.stdout).toMatch(words);
  expect(verified.code).not.toBe(0);
}

/** Before the manifest: what stands after it is looked at no less. */
const added = (entries: Entry[], ...more: Entry[]) => [
  ...entries.slice(0, -1),
  ...more,
  ...entries.slice(-1),
];

test.each([
  ['up and out', (id: string) => `${id}/../../tmp/tourniquet-owned`],
  ['an absolute path', () => '/tmp/tourniquet-owned'],
  ['out of a part of it', (id: string) => `${id}/incident/output/../../../owned.sample`],
  ['another folder', () => 'other/incident/output/x.sample'],
  ['a name of the folder that is not handed over', (id: string) => `${id}/incident/host.json`],
  ['a lock', (id: string) => `${id}/incident/lock`],
  ['a hidden name', (id: string) => `${id}/incident/evidence/.profile.sample`],
  ['escapes for the terminal', (id: string) => `${id}/incident/evidence/\u001b]0;owned\u0007.sample`],
])('a name that leads elsewhere is refused: %s', async (_, nameOf) => {
  await expectRefused(
    await forged((entries, id) => added(entries, file(nameOf(id)))),
    /is no name that a bundle has/,
  );
  expect(existsSync('/tmp/tourniquet-owned')).toBe(false);
});

test.each(['symlink', 'link', 'directory', 'fifo', 'character-device'] as const)(
  'a %s is refused',
  async (type) => {
    const path = await forged((entries, id) =>
      added(entries, {
        header: { name: `${id}/incident/evidence/x.sample`, type, linkname: '/etc/shadow' } as Header,
        bytes: Buffer.alloc(0),
      }),
    );
    await expectRefused(path, /not a plain file/);
  },
);

test('a name that comes twice is refused, so that it cannot be swapped after it was checked', async () => {
  const path = await forged((entries) => {
    const journal = at(entries, 'journal.jsonl');
    return added(entries, { ...journal });
  });
  await expectRefused(path, /is in it twice|holds more than it says/);
});

test('one that holds more than it says is refused before it fills the disk', async () => {
  const bomb = file('', Buffer.alloc(64 * 1024 * 1024));
  const path = await forged((entries, id) =>
    added(entries, { ...bomb, header: { ...bomb.header, name: `${id}/incident/output/bomb.log.sample` } }),
  );
  expect((await readFile(path)).length).toBeLessThan(1024 * 1024);
  await expectRefused(path, /holds more than it says/);
});

test('one that says it is larger than the disk is refused at once', async () => {
  const path = await forged((entries) => {
    const about = at(entries, 'BUNDLE.json');
    about.bytes = Buffer.from(
      JSON.stringify({ ...JSON.parse(about.bytes.toString('utf8')), totalBytes: Number.MAX_SAFE_INTEGER }),
    );
    return undefined;
  });
  const root = await emptyRoot();
  expect((await run(root, ['import', path])).error).toMatchObject({ code: 'no-room' });
  expect(readdirSync(root)).toEqual([]);
});

test('a changed file is found by the manifest', async () => {
  const path = await forged((entries) => {
    at(entries, 'custody.txt').bytes = Buffer.from('nobody had it\n');
    return undefined;
  });
  await expectRefused(path, /custody\.txt: its contents are not those of the manifest|holds more/);
});

test('evidence that was exchanged together with its manifest is found by the journal', async () => {
  const path = await forged((entries) => {
    at(entries, 'exe.sample').bytes = Buffer.from('harmless\n');
    return undefined;
  }, true);
  await expectRefused(path, /exe\.sample: its contents are not those that were journalled/);
});

test('evidence that was left out together with its line in the manifest is found by the journal', async () => {
  const path = await forged(
    (entries) => entries.filter(({ header }) => !header.name.endsWith('exe.sample')),
    true,
  );
  await expectRefused(path, /exe\.sample: the journal names it, and it is not in the bundle/);
});

test('a journal that was changed is found by its own chain', async () => {
  const path = await forged((entries) => {
    const journal = at(entries, 'journal.jsonl');
    journal.bytes = Buffer.from(journal.bytes.toString('utf8').replace('2 held', '3 held'));
    return undefined;
  }, true);
  await expectRefused(path, /its hash does not fit its contents/);
});

test('a journal that was cut short is found by the manifest', async () => {
  const path = await forged((entries) => {
    const journal = at(entries, 'journal.jsonl');
    const lines = journal.bytes.toString('utf8').trimEnd().split('\n');
    journal.bytes = Buffer.from(`${lines.slice(0, -1).join('\n')}\n`);
    return undefined;
  }, true);
  await expectRefused(path, /does not end as the manifest says/);
});

test.each([
  ['no zstd', Buffer.from('PK\u0003\u0004 this is a zip')],
  ['empty', Buffer.alloc(0)],
  ['zstd of no tar', zstdCompressSync(Buffer.alloc(4096, 'x'))],
  ['an empty tar', zstdCompressSync(Buffer.alloc(1024))],
])('what is no bundle at all is refused with a clear line: %s', async (_, bytes) => {
  const path = join(await emptyRoot(), 'x.tar.zst');
  await writeFile(path, bytes);
  await expectRefused(path, /This is no bundle that can be trusted: /);
});

test('one that was cut off anywhere is refused', async () => {
  const path = await forged(() => undefined);
  const whole = await readFile(path);
  for (const part of [0.1, 0.5, 0.9, 0.999]) {
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * part)));
    const root = await emptyRoot();
    expect((await run(root, ['import', path])).error).toMatchObject({ code: 'bad-bundle' });
    expect(readdirSync(root)).toEqual([]);
  }
});

test('one byte changed in any file of it is found, and the file is named', async () => {
  const { root, id } = await makeIncident();
  const path = join(root, 'b.tar.zst');
  await run(root, ['bundle', id, '--no-sign', '-o', path]);
  const entries = await unpacked(path);
  const names = entries.map(({ header }) => header.name.slice(id.length + 1));
  expect(names.length).toBeGreaterThan(10);
  const missed: string[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.bytes.length === 0) continue;
    const bytes = Buffer.from(entry.bytes);
    const middle = bytes.length >> 1;
    // A letter or a digit stays one, so that what is JSON stays JSON.
    bytes[middle] = /[a-z0-8]/.test(String.fromCharCode(bytes[middle] ?? 0))
      ? (bytes[middle] ?? 0) ^ 1
      : 0x78;
    const changed = entries.with(index, { ...entry, bytes });
    await writeFile(path, zstdCompressSync(await packed(changed)));
    const { code, error, stdout } = await run(root, ['verify', path]);
    const said = code === null ? `${error?.message} ${error}` : stdout;
    const name = names[index] ?? '';
    // The first and the last file are what the others are measured by: the bundle itself is no good then.
    const isNamed = said.includes(name) || /BUNDLE|MANIFEST/.test(name);
    if (code === 0 || !isNamed) missed.push(`${name}: ${code} ${said.slice(0, 200)}`);
  }
  expect(missed).toEqual([]);
});
