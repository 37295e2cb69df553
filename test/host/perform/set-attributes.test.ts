import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyFile } from '../../../src/host/file-identity.ts';
import { setAttributes } from '../../../src/host/perform/set-attributes.ts';
import type { OperationOf, SetAttributes } from '../../../src/operations/operation.ts';
import {
  fingerprint,
  flagsOf,
  makeStage,
  mustBeDone,
  plantFile,
  receiptOf,
  refusalOf,
  type Stage,
  sha256,
} from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

type Wanted = Omit<SetAttributes, 'kind' | 'file'>;
const plan = (path: string, wanted: Wanted): OperationOf<'set-attributes'> => ({
  kind: 'set-attributes',
  id: 'purge.1.1',
  because: [],
  file: identifyFile(path),
  ...wanted,
});

/** A shell with all that a planted one may have: set-id bits, a capability, the immutable flag, an ACL. */
function plantShell(): string {
  const path = plantFile(stage.path('rootbash'), '#!/bin/sh\nid\n');
  chmodSync(path, 0o6755);
  execFileSync('setcap', ['cap_setuid,cap_net_raw=ep', path]);
  execFileSync('chattr', ['+i', path]);
  return path;
}

const ALL: readonly (readonly [string, Wanted, (path: string) => void])[] = [
  ['set-id bits', { mode: 0o755 }, (path) => expect(lstatSync(path).mode & 0o7777).toBe(0o755)],
  [
    'capabilities',
    { capabilities: '' },
    (path) => expect(execFileSync('getcap', [path]).toString()).toBe(''),
  ],
  ['flags', { flags: '' }, (path) => expect(flagsOf(path)).toBe('')],
  ['a flag for another', { flags: 'a' }, (path) => expect(flagsOf(path)).toBe('a')],
  [
    'other capabilities',
    { capabilities: 'cap_chown=p' },
    (path) => expect(execFileSync('getcap', [path]).toString()).toContain('cap_chown=p'),
  ],
  [
    'all at once',
    { mode: 0o644, capabilities: '', flags: '' },
    (path) => expect([lstatSync(path).mode & 0o7777, flagsOf(path)]).toEqual([0o644, '']),
  ],
];

test.each(ALL)(
  '%s: set, judged from the receipt as prepared, and taken back exactly',
  async (_what, wanted, check) => {
    const path = plantShell();
    const before = fingerprint(path);
    const operation = plan(path, wanted);
    const prepared = await setAttributes.prepare(operation, stage.context());
    const receipt = receiptOf(prepared);
    expect(fingerprint(path)).toEqual(before);
    const [copy] = prepared.status === 'ready' ? prepared.evidence : [];
    expect(sha256(readFileSync(join(stage.evidenceFolder, copy?.name ?? '')))).toBe(before.sha256);
    expect(await setAttributes.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });

    const finished = mustBeDone(await setAttributes.perform(operation, receipt, stage.context()));
    check(path);
    const after = fingerprint(path);
    expect(after).toMatchObject({
      ...{ sha256: before.sha256, inode: before.inode, uid: before.uid, gid: before.gid },
      ...{ mtimeNs: before.mtimeNs, parentMtimeNs: before.parentMtimeNs },
    });
    if (wanted.flags === undefined) expect(after.flags).toBe('i');
    for (const known of [receipt, finished])
      expect(await setAttributes.verify(operation, known)).toMatchObject({ status: 'holds' });

    mustBeDone(await setAttributes.undo(operation, finished, stage.context()));
    expect(fingerprint(path)).toEqual(before);
    mustBeDone(await setAttributes.undo(operation, receipt, stage.context()));
    expect(fingerprint(path)).toEqual(before);
  },
);

test('an immutable flag that a cut-off has left off is set again by undo', async () => {
  const path = plantShell();
  const before = fingerprint(path);
  const operation = plan(path, { mode: 0o755 });
  const receipt = receiptOf(await setAttributes.prepare(operation, stage.context()));
  execFileSync('chattr', ['-i', path]);
  expect(await setAttributes.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  mustBeDone(await setAttributes.undo(operation, receipt, stage.context()));
  expect(fingerprint(path)).toEqual(before);
});

test('what was changed between preparing and performing is left as it is', async () => {
  const path = plantFile(stage.path('tool'), 'x');
  const operation = plan(path, { mode: 0o700 });
  const receipt = receiptOf(await setAttributes.prepare(operation, stage.context()));
  chmodSync(path, 0o4711);
  expect(await setAttributes.perform(operation, receipt, stage.context())).toMatchObject({
    status: 'failed',
  });
  expect(lstatSync(path).mode & 0o7777).toBe(0o4711);
});

test('undo gives nothing to a file that has taken the place, nor over a mode that somebody else set', async () => {
  const path = plantFile(stage.path('tool'), 'x');
  const operation = plan(path, { mode: 0o700 });
  const receipt = receiptOf(await setAttributes.prepare(operation, stage.context()));
  mustBeDone(await setAttributes.perform(operation, receipt, stage.context()));
  chmodSync(path, 0o711);
  expect((await setAttributes.undo(operation, receipt, stage.context())).message).toContain('something else');
  rmSync(path);
  writeFileSync(path, 'other', { mode: 0o700 });
  expect((await setAttributes.undo(operation, receipt, stage.context())).message).toContain('another file');
  expect(lstatSync(path).mode & 0o7777).toBe(0o700);
});

test('what makes no sense or cannot be told is refused', async () => {
  const path = plantFile(stage.path('tool'), 'x');
  const prepare = async (wanted: Wanted, at = path) =>
    refusalOf(await setAttributes.prepare(plan(at, wanted), stage.context()));
  expect(await prepare({})).toMatchObject({ code: 'invalid' });
  expect(await prepare({ mode: 0o10000 })).toMatchObject({ code: 'invalid' });
  expect(await prepare({ flags: 'u' })).toMatchObject({ code: 'invalid' });
  expect(await prepare({ capabilities: '$(id)' })).toMatchObject({ code: 'invalid' });
  symlinkSync(path, stage.path('link'));
  expect(await prepare({ mode: 0o755 }, stage.path('link'))).toMatchObject({ code: 'invalid' });
  // proc knows no flags.
  const there = stage.path('copy');
  copyFileSync(path, there);
  const inProc = { ...plan(there, { flags: '' }), file: identifyFile('/proc/version') };
  expect(['unavailable', 'stale']).toContain(
    refusalOf(await setAttributes.prepare(inProc, stage.context())).code,
  );
});
