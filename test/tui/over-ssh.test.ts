import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPty } from '../support/pty.ts';
import { type SshStage, startSshStage } from '../support/ssh-stage.ts';
import { demoBundle } from './demo-bundle.ts';

/** The screens over a real ssh client and a real sshd, on loopback in namespaces of their own with keys of their own. */
let demo = '';
let stage: SshStage;
beforeAll(async () => {
  demo = await demoBundle();
  stage = await startSshStage();
}, 60_000);
afterAll(() => stage?.end());

function login(columns: number, rows: number) {
  return startPty(stage.ssh(`LANG=C.UTF-8 NODE_ENV=production '${process.execPath}' '${demo}' slow still`), {
    columns,
    rows,
  });
}

describe('over ssh', () => {
  test.each([
    [80, 24],
    [120, 40],
    [60, 16],
  ])(
    'an incident is answered step by step at %i×%i, and the size follows the window',
    async (columns, rows) => {
      const program = login(columns, rows);
      const press = async (keys: string, wanted: string | RegExp) => {
        program.press(keys);
        await program.waitFor(wanted);
      };
      await program.waitFor('Read what was found', 30_000);
      await press('n', 'What should whoever reads this know?');
      await press('over ssh\r', 'Noted.');
      await press('\r', 'collect-process, archive-files');
      await press('\r', 'isolate-host');
      await press('\r', 'You are still connected?');
      await press('\r', '(block-address)');
      program.resize(100, 30);
      await program.until('the pane as wide as the window', (text) =>
        text.split('\n').some((row) => row.startsWith('┌') && row.length === 100),
      );
      await press('\r', 'asks you to type “kill”');
      await press('\r', 'Type kill to approve');
      await press('kill\r', 'quarantine-file');
      await press('q', 'Leave?');
      program.press('l');
      expect(await program.waitExit(30_000)).toBe(0);
    },
  );
});
