import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startPty } from '../support/pty.ts';
import { tourniquet } from './program.ts';

/** Half a terminal, none, or one that goes away: each is answered in words and an exit code, and nothing stays behind. */
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-no-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const command = `${tourniquet.map((word) => `'${word}'`).join(' ')} --incident-dir '${folder}'`;

test.each([
  ['standard input closed', `${command} <&-`],
  ['standard input empty', `${command} </dev/null`],
  ['standard output a pipe', `{ ${command}; echo "code $?" >&2; } | cat`],
  ['standard output a file', `${command} >'${folder}/out'`],
  ['TERM=dumb', `TERM=dumb ${command}`],
  ['no TERM', `env -u TERM ${command}`],
])('with %s the home screen says what there is instead', async (_what, line) => {
  const program = startPty(['/bin/sh', '-c', `${line}; echo "code $?"`]);
  await program.waitFor('code 2', 60_000);
  expect(program.text()).toContain('the home screen needs a terminal that can draw. In plain lines:');
  // The other page of the terminal was never shown.
  expect(program.sent()).not.toContain('\u001b[?1049h');
  await program.waitExit();
});

test('a terminal that is closed ends it within moments', async () => {
  const socket = join(folder, 'tmux');
  const pid = join(folder, 'pid');
  const log = join(folder, 'log');
  const script = join(folder, 'start.sh');
  writeFileSync(script, `echo $$ >'${pid}'\nexec ${command} 2>'${log}'\n`);
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const waitFor = async (isMet: () => boolean) => {
    while (!isMet()) await delay(50);
  };
  tmux('new-session', '-d', `sh '${script}'`);
  await waitFor(() => tmux('capture-pane', '-p').includes('Practise'));
  const process = readFileSync(pid, 'utf8').trim();
  expect(existsSync(`/proc/${process}`)).toBe(true);
  tmux('kill-server');
  await waitFor(() => !existsSync(`/proc/${process}`));
  expect(readFileSync(log, 'utf8')).not.toContain('a bug');
});

test('help and version are words for whoever reads, with or without a terminal', () => {
  for (const option of ['--help', '--version']) {
    const [file = '', ...args] = tourniquet;
    const { status, stdout } = spawnSync(file, [...args, option], { input: '', encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/tourniquet|^\d+\.\d+\.\d+/);
    expect(stdout).not.toContain('\u001b');
  }
});
