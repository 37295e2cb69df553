import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { KEYS, startPty } from '../support/pty.ts';

const PROGRAM = fileURLToPath(new URL('pty-program.ts', import.meta.url));

function start() {
  const program = startPty([process.execPath, PROGRAM], { columns: 200, rows: 50 });
  onTestFinished(() => {
    try {
      program.kill('SIGKILL');
    } catch {
      // It has ended already.
    }
  });
  const answer = async (prompt: string | RegExp, line: string) => {
    await program.waitFor(prompt);
    program.press(`${line}\r`);
  };
  return { program, answer };
}

test('on a real terminal an incident is talked through to its end, and the secret is never seen', async () => {
  const { program, answer } = start();
  await answer('key >', 'hunterX\x7f2');
  await program.waitFor('[1/2] Block c2');
  expect(program.text()).not.toContain('hunter');
  await answer(/\(q\)uit \(\?\) >\s*$/, 'r');
  await program.waitFor('[2/2] Purge');
  expect(program.text()).toContain('kworkerds\\x1b[2J (812)');
  await answer(/\[2\/2\][\s\S]*\(q\)uit \(\?\) >\s*$/, 's not here');
  await answer('(c)lose', 'c');
  await answer('how it ended', '');
  expect(await program.waitExit()).toBe(7);
  await expect.poll(() => program.text()).toContain('ended: closed, the incident is closed; left: null');
  // Typed lines are shown once, by the terminal itself.
  expect(program.text().match(/s not here/g)).toHaveLength(1);
});

test('Ctrl-C asks also while a secret is typed; Ctrl-D leaves', async () => {
  const { program, answer } = start();
  await program.waitFor('key >');
  program.press(`hun${KEYS.ctrlC}`);
  await answer('Leave? The incident stays', 'n');
  await answer(/Leave[\s\S]*key >/, 'hunter2');
  await program.waitFor('(r)un');
  program.press(KEYS.ctrlC);
  await answer(/\(r\)un[\s\S]*Leave\?/, 'n');
  await program.waitFor(/Leave[\s\S]*Leave[\s\S]*\(q\)uit \(\?\) >\s*$/);
  program.press('\x04');
  expect(await program.waitExit()).toBe(7);
  await expect.poll(() => program.text()).toContain('ended: left, the input ended; left: the input ended');
});

test('Ctrl-C and yes leaves, whatever was half typed', async () => {
  const { program, answer } = start();
  await program.waitFor('key >');
  program.press(`hun${KEYS.ctrlC}`);
  await answer('Leave? The incident stays', 'y');
  expect(await program.waitExit()).toBe(7);
  await expect.poll(() => program.text()).toContain('ended: interrupted, interrupted; left: interrupted');
});

test('a connection that drops leaves the incident resumable', async () => {
  const { program, answer } = start();
  await answer('key >', 'x');
  await program.waitFor('(r)un');
  program.kill('SIGHUP');
  expect(await program.waitExit()).toBe(7);
  await expect.poll(() => program.text()).toContain('left: ended by a signal');
});
