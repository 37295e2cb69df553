import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lstatIn, openFolder, openParent, WalkError } from '../../../src/host/safe-path.ts';
import { makeStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

function problem(path: string): string {
  try {
    openParent(path).folder.close();
    return 'none';
  } catch (error) {
    if (error instanceof WalkError) return error.code;
    throw error;
  }
}

test("the system's own symlinks among the parents are followed", () => {
  // /proc/self is the kernel's, and on a merged /usr so is /bin.
  for (const path of ['/bin/sh', '/proc/mounts']) {
    const { folder, name } = openParent(path);
    expect(lstatIn(folder, name)?.ino).toBe(lstatSync(path, { bigint: true }).ino);
    folder.close();
  }
});

test.for([
  ['relative/path', 'invalid'],
  ['/tmp/../etc/passwd', 'invalid'],
  ['/', 'invalid'],
  ['/tmp/a\0b', 'invalid'],
  ['/no/such/folder/file', 'missing'],
  ['/etc/passwd/file', 'not-a-folder'],
] as const)('%s is not walked: %s', ([path, code]) => {
  expect(problem(path)).toBe(code);
});

test('a symlink in a folder that others may write to is not followed, wherever it leads', () => {
  mkdirSync(stage.path('real'));
  writeFileSync(stage.path('real/file'), '');
  execFileSync('chmod', ['1777', stage.path('.')]);
  for (const target of [stage.path('real'), 'real', '/etc', 'loop']) {
    execFileSync('ln', ['-sfn', target, stage.path('loop')]);
    expect(problem(stage.path('loop/file'))).toBe('symlink');
  }
  expect(problem(stage.path('real/file'))).toBe('none');
});

test('a folder that is renamed, with a symlink in its place, is still the one that was opened', () => {
  mkdirSync(stage.path('dir'));
  const { folder } = openParent(stage.path('dir/file'));
  renameSync(stage.path('dir'), stage.path('elsewhere'));
  symlinkSync('/etc', stage.path('dir'));
  writeFileSync(folder.child('file'), 'x');
  expect(readdirSync(stage.path('elsewhere'))).toEqual(['file']);
  folder.close();
});

test('no descriptor is left open, whether a walk comes to its end or not', () => {
  const count = () => readdirSync('/proc/self/fd').length;
  writeFileSync(stage.path('file'), '');
  const before = count();
  for (let round = 0; round < 50; round += 1) {
    for (const path of [stage.path('file'), '/bin/sh', '/no/such/folder/file', '/etc/passwd/file'])
      problem(path);
    openFolder(stage.path('.')).close();
  }
  expect(count()).toBe(before);
});

test('a closed folder closes nothing that was opened since under its number', () => {
  const folder = openFolder(stage.path('.'));
  folder.close();
  const other = openFolder(stage.path('.'));
  folder.close();
  expect(readlinkSync(`/proc/self/fd/${other.fd}`)).toBe(stage.path('.').replace(/\/\.$/, ''));
  other.close();
});
