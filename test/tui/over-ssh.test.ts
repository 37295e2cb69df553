import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPty } from '../support/pty.ts';
import { demoBundle } from './demo-bundle.ts';

/** The screens over a real ssh client and a real sshd, on loopback in namespaces of their own with keys of their own. */
let root = '';
let demo = '';
let inside = '';
let stage: ChildProcess;
beforeAll(async () => {
  demo = await demoBundle();
  // /var/tmp: what is below /tmp may be another one in a sandbox.
  root = mkdtempSync('/var/tmp/tourniquet-screens-');
  const script = fileURLToPath(new URL('../reliability/ssh-stage', import.meta.url));
  const namespaces = ['--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child'];
  stage = spawn('unshare', [...namespaces, '--mount-proc', script, root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: stage.stdout as NodeJS.ReadableStream }), 'line');
  expect(line).toBe('ready');
  inside = readFileSync(`/proc/${stage.pid}/task/${stage.pid}/children`, 'utf8').trim().split(' ')[0] ?? '';
}, 60_000);
afterAll(async () => {
  const ended = once(stage, 'exit');
  stage.stdin?.end();
  await ended;
  rmSync(root, { recursive: true, force: true });
});

function login(columns: number, rows: number) {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'IdentitiesOnly=yes'];
  return startPty(
    [
      ...['nsenter', '--target', inside, '--net', '--mount', '--pid', '--'],
      ...['ssh', '-tt', '-q', '-F', 'none', '-p', '2222', '-i', join(root, 'client')],
      ...options.flatMap((option) => ['-o', option]),
      ...['root@127.0.0.1', `LANG=C.UTF-8 NODE_ENV=production '${process.execPath}' '${demo}' slow still`],
    ],
    { columns, rows },
  );
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
