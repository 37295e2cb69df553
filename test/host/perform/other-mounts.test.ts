import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

test('files on other file systems are moved within their own, and come back', () => {
  const script = fileURLToPath(new URL('./in-other-mounts.ts', import.meta.url));
  const argv = ['-Urm', '--propagation', 'private', process.execPath, script, stage.root];
  const results = JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8' }));
  const whole = {
    isGone: true,
    holds: ['holds', 'holds'],
    mode: '700',
    isBack: true,
    text: 'keep\nkeep\n',
    editHolds: 'holds',
    isEditBack: true,
  };
  for (const [name, folder, left] of [
    ['tmpfs', 'TOP/.tourniquet-quarantine/incident-1', []],
    ['taken', 'TOP/.tourniquet-quarantine-2/incident-1', ['.tourniquet-quarantine']],
    ['overlay', 'TOP/.tourniquet-quarantine/incident-1', []],
  ] as const) {
    expect(results[name], name).toMatchObject({
      ...whole,
      place: folder,
      leftAtTop: left,
      isTopTimeKept: true,
    });
  }
  expect(results.bound).toContain('EBUSY');
});
