import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyFile } from '../../../src/host/file-identity.ts';
import { writeFlagNote } from '../../../src/host/perform/flag-notes.ts';
import { quarantineFile } from '../../../src/host/perform/quarantine-file.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { decodeHostBytes } from '../../../src/text/host-bytes.ts';
import {
  fingerprint,
  flagsOf,
  makeStage,
  mustBeDone,
  plantFile,
  receiptOf,
  refusalOf,
  runIfThere,
  type Stage,
  sha256,
  startActor,
} from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

function plan(path: string): OperationOf<'quarantine-file'> {
  return { kind: 'quarantine-file', id: 'purge.1.0', because: [], file: identifyFile(path) };
}

function plant(name = 'evil', text = '#!/bin/sh\nmine\n'): string {
  return plantFile(stage.path(name), text);
}

test('a file is moved away whole, held against its receipt, and comes back bit for bit', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const prepared = await quarantineFile.prepare(operation, stage.context());
  const receipt = receiptOf(prepared);
  expect(await quarantineFile.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const [copy] = prepared.status === 'ready' ? prepared.evidence : [];
  expect(copy?.sha256).toBe(operation.file.sha256);
  expect(sha256(readFileSync(join(stage.evidenceFolder, copy?.name ?? '')))).toBe(operation.file.sha256);

  const finished = mustBeDone(await quarantineFile.perform(operation, receipt, stage.context()));
  expect(existsSync(path)).toBe(false);
  const kept = join(stage.hostFolder, 'quarantine', 'purge.1.0');
  expect(lstatSync(kept).mode & 0o7777).toBe(0o4751);
  expect(lstatSync(join(stage.hostFolder, 'quarantine')).mode & 0o7777).toBe(0o700);
  for (const known of [receipt, finished]) {
    expect(await quarantineFile.verify(operation, known)).toMatchObject({ status: 'holds' });
  }

  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  expect(await quarantineFile.verify(operation, finished)).toMatchObject({ status: 'does-not-hold' });
});

test('after a cut-off the prepared receipt alone is enough to undo', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  mustBeDone(await quarantineFile.perform(operation, receipt, stage.context()));
  mustBeDone(await quarantineFile.undo(operation, receipt, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  // And once more: nothing is left to do, and nothing is harmed.
  mustBeDone(await quarantineFile.undo(operation, receipt, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});

test('an undo that was cut off between its two names is finished by the next', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  const finished = mustBeDone(await quarantineFile.perform(operation, receipt, stage.context()));
  linkSync(join(stage.hostFolder, 'quarantine', 'purge.1.0'), path);
  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
  expect(existsSync(join(stage.hostFolder, 'quarantine', 'purge.1.0'))).toBe(false);
  expect({ ...fingerprint(path), parentMtimeNs: 0n }).toEqual({ ...before, parentMtimeNs: 0n });
});

test('what stands at the path meanwhile is not overwritten by undo', async () => {
  const path = plant();
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  const finished = mustBeDone(await quarantineFile.perform(operation, receipt, stage.context()));
  writeFileSync(path, 'respawned');
  expect(await quarantineFile.verify(operation, finished)).toMatchObject({
    status: 'does-not-hold',
    detail: expect.stringContaining('put it back'),
  });
  const undone = await quarantineFile.undo(operation, finished, stage.context());
  expect(undone).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('Something else stands at'),
  });
  expect(readFileSync(path, 'utf8')).toBe('respawned');
  rmSync(path);
  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
});

test('an altered file in quarantine is not put back', async () => {
  const path = plant();
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  const finished = mustBeDone(await quarantineFile.perform(operation, receipt, stage.context()));
  writeFileSync(join(stage.hostFolder, 'quarantine', 'purge.1.0'), 'changed');
  expect(await quarantineFile.verify(operation, finished)).toMatchObject({ status: 'unknown' });
  expect((await quarantineFile.undo(operation, finished, stage.context())).status).toBe('failed');
  expect(existsSync(path)).toBe(false);
});

test('immutable and append-only files and folders are moved, and get their flags back', async () => {
  const path = plant();
  runIfThere('chattr', ['+i', path]);
  runIfThere('chattr', ['+a', stage.path('.')]);
  const folderFlags = flagsOf(stage.path('.'));
  const before = fingerprint(path);
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  const outcome = await quarantineFile.perform(operation, receipt, stage.context());
  const finished = mustBeDone(outcome);
  // Where this user may set them at all.
  if (before.flags === 'i') expect(outcome.message).toContain('immutable');
  expect(flagsOf(stage.path('.'))).toBe(folderFlags);
  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  expect(flagsOf(stage.path('.'))).toBe(folderFlags);
});

test('flags that a cut-off has left off are set again when a later plan is undone', async () => {
  const path = plant();
  runIfThere('chattr', ['+i', path]);
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  const before = fingerprint(path);
  // Cut off after the flag was noted and taken off, before the move.
  writeFlagNote(stage.hostFolder, operation.file, before.flags);
  runIfThere('chattr', ['-i', path]);
  expect(await quarantineFile.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const again = { ...operation, id: 'purge.2.0' };
  const finished = mustBeDone(
    await quarantineFile.perform(
      again,
      receiptOf(await quarantineFile.prepare(again, stage.context())),
      stage.context(),
    ),
  );
  mustBeDone(await quarantineFile.undo(again, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});

test('a symlink is moved itself, its target untouched', async () => {
  const target = plant('innocent');
  const path = stage.path('link');
  symlinkSync(target, path);
  const before = fingerprint(path);
  const innocent = fingerprint(target);
  const operation = plan(path);
  const prepared = await quarantineFile.prepare(operation, stage.context());
  const finished = mustBeDone(await quarantineFile.perform(operation, receiptOf(prepared), stage.context()));
  expect(existsSync(path)).toBe(false);
  expect({ ...fingerprint(target), parentMtimeNs: 0n }).toEqual({ ...innocent, parentMtimeNs: 0n });
  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});

test('names with spaces, quotes, newlines and bytes that are no UTF-8', async () => {
  for (const name of ['two words', `a'b"c\nd`, '-rf', '\u202ex']) {
    const path = plant(name);
    const before = fingerprint(path);
    const operation = { ...plan(path), id: `purge.1.${name.length}` };
    const finished = mustBeDone(
      await quarantineFile.perform(
        operation,
        receiptOf(await quarantineFile.prepare(operation, stage.context())),
        stage.context(),
      ),
    );
    expect(existsSync(path)).toBe(false);
    mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
    expect(fingerprint(path)).toEqual(before);
  }
  const bytes = Buffer.concat([Buffer.from(stage.path('bad-')), Buffer.from([0xff, 0xfe])]);
  writeFileSync(bytes, 'x');
  const operation = plan(decodeHostBytes(bytes));
  const finished = mustBeDone(
    await quarantineFile.perform(
      operation,
      receiptOf(await quarantineFile.prepare(operation, stage.context())),
      stage.context(),
    ),
  );
  expect(existsSync(bytes)).toBe(false);
  mustBeDone(await quarantineFile.undo(operation, finished, stage.context()));
  expect(readFileSync(bytes, 'utf8')).toBe('x');
});

test('files of one folder that are taken and given back in turn leave its time as it was', async () => {
  const paths = ['one', 'two', 'three'].map((name) => plant(name));
  const before = paths.map((path) => fingerprint(path));
  const moved = [];
  for (const [index, path] of paths.entries()) {
    const operation = { ...plan(path), id: `purge.1.${index}` };
    const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
    moved.push({
      operation,
      receipt: mustBeDone(await quarantineFile.perform(operation, receipt, stage.context())),
    });
  }
  for (const { operation, receipt } of moved.reverse())
    mustBeDone(await quarantineFile.undo(operation, receipt, stage.context()));
  expect(paths.map((path) => fingerprint(path))).toEqual(before);
});

test.for([
  ['its contents', (path: string) => writeFileSync(path, '#!/bin/sh\nMINE\n'), 'its contents'],
  ['its mode', (path: string) => execFileSync('chmod', ['600', path]), 'its mode'],
  ['its time', (path: string) => utimesSync(path, 1, 1), 'modification time'],
  [
    'its inode',
    (path: string) => execFileSync('sh', ['-c', 'cp -p "$0" "$0.x" && mv "$0.x" "$0"', path]),
    'its inode',
  ],
  ['it into a symlink', (path: string) => execFileSync('ln', ['-sfn', '/etc/passwd', path]), 'symlink'],
  [
    'it into a folder',
    (path: string) => execFileSync('sh', ['-c', 'rm "$0" && mkdir "$0"', path]),
    'no file any more',
  ],
  ['nothing but that it is gone', (path: string) => rmSync(path), 'not there'],
] as const)(
  'a file of which something has changed %s is refused as stale, and says what',
  async ([, change, words]) => {
    const path = plant();
    const operation = plan(path);
    change(path);
    const refusal = refusalOf(await quarantineFile.prepare(operation, stage.context()));
    expect(refusal.code).toBe('stale');
    expect(refusal.message).toContain(words);
  },
);

test('a file that belongs to somebody else than planned is stale', async () => {
  const operation = plan(plant());
  const other = { ...operation, file: { ...operation.file, uid: operation.file.uid + 1 } };
  const refusal = refusalOf(await quarantineFile.prepare(other, stage.context()));
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining('its owner') });
});

test('a file that changes between prepare and perform is left alone', async () => {
  const path = plant();
  const operation = plan(path);
  const receipt = receiptOf(await quarantineFile.prepare(operation, stage.context()));
  writeFileSync(path, 'another');
  const outcome = await quarantineFile.perform(operation, receipt, stage.context());
  expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining('changed since') });
  expect(readFileSync(path, 'utf8')).toBe('another');
});

test('a parent that has become a symlink of somebody else is not followed', async () => {
  const folder = stage.path('sub');
  mkdirSync(folder);
  execFileSync('chmod', ['777', stage.path('.')]);
  const path = plant('sub/evil');
  const operation = plan(path);
  renameSync(folder, stage.path('moved'));
  symlinkSync(stage.path('moved'), folder);
  const refusal = refusalOf(await quarantineFile.prepare(operation, stage.context()));
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining('symlink') });
  expect(existsSync(stage.path('moved/evil'))).toBe(true);
});

test("the responder's shell, key and tourniquet itself are refused", async () => {
  const shell = stage.path('shell');
  execFileSync('cp', ['/bin/sleep', shell]);
  const actor = await startActor([shell, '60']);
  try {
    const refusal = refusalOf(
      await quarantineFile.prepare(plan(shell), stage.context({ protectedPids: [actor.identity.pid] })),
    );
    expect(refusal.code).toBe('responder');
  } finally {
    await actor.end();
  }
  const keys = stage.path('authorized_keys');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stage.path('key')]);
  writeFileSync(keys, readFileSync(stage.path('key.pub')));
  const printed =
    execFileSync('ssh-keygen', ['-lf', stage.path('key.pub')])
      .toString()
      .split(' ')[1] ?? '';
  expect(
    refusalOf(await quarantineFile.prepare(plan(keys), stage.context({ keyFingerprint: printed }))).code,
  ).toBe('responder');
  const own = new URL('../../../package.json', import.meta.url).pathname;
  expect(refusalOf(await quarantineFile.prepare(plan(own), stage.context())).code).toBe('responder');
});

test('what is in quarantine already is not quarantined again', async () => {
  mkdirSync(stage.path('.tourniquet-quarantine'));
  const path = plant('.tourniquet-quarantine/old');
  expect(refusalOf(await quarantineFile.prepare(plan(path), stage.context())).code).toBe('responder');
});

test('nothing is moved when the evidence cannot be written', async () => {
  const path = plant();
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const refusal = refusalOf(
    await quarantineFile.prepare(plan(path), stage.context({ onEvidence: () => Promise.reject(full) })),
  );
  expect(refusal).toMatchObject({ code: 'evidence', message: expect.stringContaining('ENOSPC') });
  expect(existsSync(path)).toBe(true);
});
