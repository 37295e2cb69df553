import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PtyProgram, startPty } from '../support/pty.ts';
import { demoBundle } from './demo-bundle.ts';

/** Terminals as they are found: of an unknown kind, too small, inside others, taken away and given back. */
let demo = '';
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-rough-'));
const started: PtyProgram[] = [];
beforeAll(async () => {
  demo = await demoBundle();
});
afterAll(() => {
  for (const program of started) program.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

type Options = Parameters<typeof startPty>[1];
function play(options: Options = {}, before: readonly string[] = []): PtyProgram {
  const environment = { NODE_ENV: 'production', ...options.environment };
  const program = startPty([...before, process.execPath, demo, 'incident', 'still'], {
    ...options,
    environment,
  });
  started.push(program);
  return program;
}

const ASKED = 'Read what was found';

async function leaves(program: PtyProgram): Promise<void> {
  program.press('q');
  await program.waitFor('Leave?');
  program.press('l');
  await program.waitGone('Checklist');
}

describe('the screen', () => {
  test.each(['never-heard-of', 'linux', 'vt100', 'screen', 'xterm-kitty'])(
    'is the same with TERM=%s',
    async (TERM) => {
      const program = play({ environment: { TERM } });
      await program.waitFor(ASKED);
      program.press('n');
      await program.waitFor('What should whoever reads this know?');
      program.press('\u001b');
      await program.waitFor(ASKED);
      await leaves(program);
      expect(await program.waitExit()).toBe(0);
    },
  );

  test('has no colour with NO_COLOR, and the cursor is still to be seen', async () => {
    const program = play({ environment: { NO_COLOR: '1' } });
    await program.waitFor(`${ASKED} (↑↓, i says why)`);
    await program.waitFor('❯203.0.113.9:3333');
    // Select Graphic Rendition 30 to 49 and 90 to 107 are colours (ECMA-48 8.3.117).
    expect(program.sent()).not.toMatch(/\u001b\[(?:\d+;)*(?:3\d|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/);
  });

  test('is whole again after a storm of sizes, and says when there is no room', async () => {
    const program = play();
    await program.waitFor(ASKED);
    await program.waitFor('? help   q leave');
    const before = program.text();
    for (let at = 0; at < 80; at += 1) program.resize(1 + ((at * 37) % 150), 1 + ((at * 13) % 50));
    program.resize(20, 5);
    await program.waitFor('Too small');
    program.resize(80, 24);
    await program.until('as it was', (text) => text === before);
    program.press('?');
    await program.waitFor(' Keys');
  });

  test('goes to the shell with Ctrl-Z and comes back with fg', async () => {
    const program = startPty(['bash', '--norc', '--noprofile', '-i'], {
      environment: { NODE_ENV: 'production', PS1: 'prompt> ' },
    });
    started.push(program);
    await program.waitFor('prompt>');
    program.press(`${process.execPath} ${demo} incident still\r`);
    await program.waitFor(ASKED);
    program.press('\u001a');
    await program.waitFor('Stopped');
    program.press('echo in between\r');
    await program.waitFor(/^in between$/m);
    program.press('fg\r');
    await program.waitFor(ASKED);
    program.press('i');
    await program.waitFor('┌ Why ');
    program.press('\u001b');
    await program.waitGone('┌ Why ');
    await leaves(program);
    await program.waitFor('left');
    program.press('exit\r');
    await program.waitExit();
  });

  test.each([
    ['tmux', (socket: string) => ['tmux', '-S', socket, '-f', '/dev/null', 'new-session']],
    ['screen', () => ['screen', '-c', '/dev/null']],
  ])('is drawn and answers keys inside %s', async (name, argv) => {
    const program = play({ environment: { SCREENDIR: folder } }, argv(join(folder, `${name}.socket`)));
    await program.waitFor(ASKED);
    program.press('n');
    await program.waitFor('What should whoever reads this know?');
    program.press('名前と 🛟▏');
    await program.waitFor('名前と');
    program.press('\r');
    await program.waitFor('Noted.');
    await leaves(program);
    await program.waitExit();
  });

  test('that goes away ends it in order', async () => {
    const program = play();
    await program.waitFor(ASKED);
    program.kill('SIGHUP');
    expect(await program.waitExit()).toBe(0);
    expect(program.text()).toContain('hangup');
  });
});
