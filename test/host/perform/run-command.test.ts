import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMAND_WRAPPER } from '../../../src/host/perform/command-wrapper.ts';
import { waitFor } from '../../../src/host/perform/process-target.ts';
import { runCommand } from '../../../src/host/perform/run-command.ts';
import { hasEnded, readProcess } from '../../../src/host/process-identity.ts';
import type { CommandText, OperationOf } from '../../../src/operations/operation.ts';
import { makeStage, mustBeDone, receiptOf, refusalOf, runIfThere, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

type Run = OperationOf<'run-command'>;

function plan(command: CommandText | string, changes: Partial<Run> = {}): Run {
  return {
    kind: 'run-command',
    id: 'patch.1.0',
    because: [],
    command: typeof command === 'string' ? { shell: command } : command,
    environment: {},
    secretNames: [],
    workingFolder: null,
    timeoutMs: 30_000,
    risk: 'disruptive',
    verify: null,
    undo: null,
    ...changes,
  };
}

const folder = (name = 'patch.1.0') => join(stage.hostFolder, 'commands', name);
const prepare = async (operation: Run, context = stage.context()) =>
  receiptOf(await runCommand.prepare(operation, context));
const run = async (operation: Run) =>
  runCommand.perform(operation, await prepare(operation), stage.context());

test('output of both streams and the exit code come through, and are kept 0600', async () => {
  const operation = plan('printf out; printf err >&2; exit 3');
  const receipt = await prepare(operation);
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const outcome = await runCommand.perform(operation, receipt, stage.context());
  expect(outcome).toMatchObject({
    status: 'failed',
    exitCode: 3,
    message: 'It ended with exit code 3. It said: err',
  });
  expect(stage.output).toEqual({ stdout: 'out', stderr: 'err' });
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  expect(lstatSync(folder()).mode & 0o777).toBe(0o700);
  expect(lstatSync(join(folder(), 'stdout')).mode & 0o777).toBe(0o600);
});

test('why it failed is told by its last line, however much it put out before, in its own letters', async () => {
  const outcome = await run(plan('yes | head -c 300000; echo “db-01” uses it too; exit 1'));
  expect(outcome).toMatchObject({ message: 'It ended with exit code 1. It said: “db-01” uses it too' });
});

test('its check finds the same home folder, where tools keep their logins', async () => {
  const operation = plan('true', { verify: { shell: `[ "$HOME" = '${process.env.HOME ?? '/'}' ]` } });
  const receipt = await prepare(operation);
  mustBeDone(await runCommand.perform(operation, receipt, stage.context()));
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'holds' });
});

test('arguments and values arrive as they are, whatever is in them', async () => {
  const hostile = ['$(touch /tmp/x)', '`id`', '; rm -rf /', '"\'\\', '-e', '', 'a\nb', '*', '\u202e'];
  mustBeDone(await run(plan({ argv: ['printf', '%s|', ...hostile] })));
  expect(Buffer.from(stage.output.stdout, 'latin1').toString()).toBe(
    hostile.map((text) => `${text}|`).join(''),
  );
  stage.output.stdout = '';
  mustBeDone(
    await run(plan('printf %s "$VALUE"', { id: 'patch.1.1', environment: { VALUE: hostile.join('') } })),
  );
  expect(Buffer.from(stage.output.stdout, 'latin1').toString()).toBe(hostile.join(''));
});

test('it runs in a session of its own, with a clean environment, no input, and an ordinary umask', async () => {
  process.env.LD_TOURNIQUET_TEST = 'x';
  const operation = plan('cat; env; umask; cut -d" " -f6 /proc/$$/stat; readlink /proc/$$/fd/0; pwd', {
    workingFolder: stage.root,
  });
  mustBeDone(await run(operation));
  delete process.env.LD_TOURNIQUET_TEST;
  const lines = stage.output.stdout.trim().split('\n');
  expect(lines).toContain('PATH=/usr/sbin:/usr/bin:/sbin:/bin');
  expect(stage.output.stdout).not.toContain('LD_TOURNIQUET_TEST');
  const [umask, session, input, where] = lines.slice(-4);
  expect([umask, input, where]).toEqual(['0022', '/dev/null', stage.root]);
  expect(Number(session)).not.toBe(readProcess(process.pid)?.sessionId);
});

test('a second perform attaches: all output from the first byte, and never a second start', async () => {
  const operation = plan(
    `echo start >>"$D/starts"; echo one; while ! [ -e "$D/go" ]; do sleep 0.02; done; echo two`,
    {
      environment: { D: stage.path('.') },
    },
  );
  const receipt = await prepare(operation);
  const cut = new AbortController();
  const first = stage.context();
  let firstSaw = '';
  const running = runCommand.perform(operation, receipt, {
    ...first,
    onOutput: (_, bytes) => (firstSaw += Buffer.from(bytes).toString()),
  });
  await waitFor(() => firstSaw === 'one\n', 5_000);
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'in-progress' });
  const attached = runCommand.perform(operation, receipt, stage.context());
  await waitFor(() => stage.output.stdout === 'one\n', 5_000);
  writeFileSync(stage.path('go'), '');
  for (const outcome of await Promise.all([running, attached]))
    expect(outcome).toMatchObject({ status: 'done', exitCode: 0 });
  expect(stage.output.stdout).toBe('one\ntwo\n');
  // And once more when it is long over.
  stage.output.stdout = '';
  mustBeDone(await runCommand.perform(operation, receipt, stage.context()));
  expect(stage.output.stdout).toBe('one\ntwo\n');
  expect(readFileSync(stage.path('starts'), 'utf8')).toBe('start\n');
  cut.abort();
});

test('it outlives the SIGKILL of its runner, and another runner gets its end', async () => {
  const operation = plan(`echo one; while ! [ -e "$D/go" ]; do sleep 0.02; done; echo two; exit 7`, {
    environment: { D: stage.path('.') },
  });
  const receipt = await prepare(operation);
  const script = `
    const { runCommand } = await import(${JSON.stringify(new URL('../../../src/host/perform/run-command.ts', import.meta.url).href)});
    const { operation, receipt } = JSON.parse(process.argv[1]);
    await runCommand.perform(operation, receipt, { secrets: {}, whileFenced: (deed) => deed(), onOutput() {}, onProgress() {} });
  `;
  const runner = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, JSON.stringify({ operation, receipt })],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => runner.once('exit', resolve));
  await waitFor(
    () => existsSync(join(folder(), 'stdout')) && readFileSync(join(folder(), 'stdout'), 'utf8') === 'one\n',
    20_000,
  );
  runner.kill('SIGKILL');
  await ended;
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'in-progress' });
  const attached = runCommand.perform(operation, receipt, stage.context());
  writeFileSync(stage.path('go'), '');
  expect(await attached).toMatchObject({ status: 'failed', exitCode: 7 });
  expect(stage.output.stdout).toBe('one\ntwo\n');
});

test('killed outright, how it ended is unknown, and it is not run again', async () => {
  const operation = plan('echo $PPID; exec sleep 60');
  const receipt = await prepare(operation);
  const running = runCommand.perform(operation, receipt, stage.context());
  await waitFor(() => existsSync(join(folder(), 'started')) && stage.output.stdout !== '', 5_000);
  const wrapper = Number(stage.output.stdout);
  const command = Number(execFileSync('pgrep', ['-P', String(wrapper)]).toString());
  process.kill(wrapper, 'SIGKILL');
  process.kill(command, 'SIGKILL');
  expect(await running).toMatchObject({
    status: 'failed',
    exitCode: null,
    message: expect.stringContaining('not written down'),
  });
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'unknown' });
  expect(await runCommand.perform(operation, receipt, stage.context())).toMatchObject({ status: 'failed' });
});

test('tried again it is begun again, beside what its first try left', async () => {
  const operation = plan(
    `echo x >>${stage.path('tries')}; echo out; test $(wc -l <${stage.path('tries')}) -ge 2`,
  );
  expect(await run(operation)).toMatchObject({ status: 'failed', exitCode: 1 });
  expect(await run(operation)).toMatchObject({ status: 'done', exitCode: 0 });
  expect(readFileSync(stage.path('tries'), 'utf8')).toBe('x\nx\n');
  for (const name of ['patch.1.0', 'patch.1.0-2'])
    expect(readFileSync(join(folder(name), 'stdout'), 'utf8')).toBe('out\n');
});

test('what was started by a runner that died, and is late to begin, never begins once it was asked for', async () => {
  const operation = plan(`echo x >>${stage.path('tries')}`);
  const receipt = await prepare(operation);
  // The wrapper is there and waits for a processor; whoever comes next waits for it a while.
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const late = spawnSync('/bin/sh', [
    '-c',
    COMMAND_WRAPPER,
    'tourniquet',
    folder(),
    'touch',
    stage.path('tries'),
  ]);
  expect(late.status).toBe(125);
  expect(existsSync(stage.path('tries'))).toBe(false);
  mustBeDone(await run(operation));
  expect(readFileSync(stage.path('tries'), 'utf8')).toBe('x\n');
});

test('a command from before a reboot is not taken for one that is running', async () => {
  const operation = plan('sleep 60');
  const receipt = await prepare(operation);
  const cancel = new AbortController();
  const running = runCommand.perform(operation, receipt, stage.context({ signal: cancel.signal }));
  await waitFor(() => existsSync(join(folder(), 'started')), 5_000);
  expect(await runCommand.verify(operation, { ...receipt, bootId: 'an earlier one' })).toMatchObject({
    status: 'unknown',
  });
  cancel.abort();
  await running;
});

test.for(['timed out', 'cancelled'] as const)('%s: it and all that it has started is ended', async (how) => {
  // One ignores SIGTERM, one is in the background, one is in a process group of its own.
  const deaf = how === 'cancelled' ? `(trap '' TERM; while :; do sleep 0.1; done) &` : '';
  const text = `echo $$; ${deaf} sleep 61 & sh -mc 'sleep 62 & wait'; wait`;
  const operation = plan(text, { timeoutMs: how === 'timed out' ? 300 : 30_000 });
  const cancel = new AbortController();
  const receipt = await prepare(operation);
  const running = runCommand.perform(operation, receipt, stage.context({ signal: cancel.signal }));
  await waitFor(() => stage.output.stdout !== '', 5_000);
  const session = readProcess(Number(stage.output.stdout))?.sessionId ?? 0;
  expect(session).toBeGreaterThan(1);
  if (how === 'cancelled') cancel.abort();
  expect(await running).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(how === 'cancelled' ? 'cancelled' : 'took longer than 300 ms'),
  });
  const left = readdirSync('/proc').filter((name) => {
    const process = /^\d+$/.test(name) ? readProcess(Number(name)) : null;
    return process?.sessionId === session && !hasEnded(process);
  });
  expect(left).toEqual([]);
});

test('secrets are in the environment of the command and in no file', async () => {
  const secrets = { TOKEN: 'hunter2-very-secret' };
  const operation = plan('test "$TOKEN" = hunter2-very-secret && printf "%s" "$(printf "$TOKEN" | wc -c)"', {
    environment: { TOKEN: '' },
    secretNames: ['TOKEN'],
  });
  const context = stage.context({ secrets });
  const receipt = receiptOf(await runCommand.prepare(operation, context));
  const outcome = await runCommand.perform(operation, receipt, context);
  mustBeDone(outcome);
  expect(stage.output.stdout).toBe('19');
  expect(JSON.stringify([receipt, outcome])).not.toContain('hunter2');
  expect(runIfThere('grep', ['-rl', 'hunter2', stage.root])).toBe('');
});

test('what an ended command printed of its secret does not stay in its folder on the host', async () => {
  const secrets = { TOKEN: 'hunter2-very-secret' };
  const operation = plan('echo "with $TOKEN"; echo "$TOKEN" >&2; exit 1', {
    environment: { TOKEN: '' },
    secretNames: ['TOKEN'],
  });
  const context = stage.context({ secrets });
  const receipt = await prepare(operation, context);
  expect(await runCommand.perform(operation, receipt, context)).toMatchObject({ exitCode: 1 });
  // The runner masks what it is told; on the host it is gone for good.
  expect(stage.output.stdout).toBe('with hunter2-very-secret\n');
  expect(readFileSync(join(folder(), 'stdout'), 'utf8')).toBe('with [secret]\n');
  expect(runIfThere('grep', ['-rl', 'hunter2', stage.hostFolder])).toBe('');
});

test('the check of a command is given its secrets, and is unknown without them', async () => {
  const secrets = { TOKEN: 'hunter2-very-secret' };
  const operation = plan('true', {
    environment: { TOKEN: '' },
    secretNames: ['TOKEN'],
    verify: { shell: 'test "$TOKEN" = hunter2-very-secret' },
  });
  const context = stage.context({ secrets });
  const receipt = await prepare(operation, context);
  mustBeDone(await runCommand.perform(operation, receipt, context));
  expect(await runCommand.verify(operation, receipt, secrets)).toMatchObject({ status: 'holds' });
  expect(await runCommand.verify(operation, receipt, { TOKEN: '' })).toMatchObject({
    status: 'unknown',
    detail: expect.stringContaining('TOKEN'),
  });
});

test('a clock that was set neither ends a command early nor lets it run on', async () => {
  const operation = plan(`echo on; while ! [ -e "$D/go" ]; do sleep 0.02; done`, {
    environment: { D: stage.path('.') },
    timeoutMs: 60_000,
  });
  const receipt = await prepare(operation);
  const running = runCommand.perform(operation, receipt, stage.context());
  await waitFor(() => stage.output.stdout === 'on\n', 20_000);
  // As if the clock had been set forward by a day since it was started, and then back.
  const started = join(folder(), 'started');
  for (const days of [-1, 1]) {
    const at = new Date(Date.now() + days * 86_400_000);
    utimesSync(started, at, at);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'in-progress' });
  }
  writeFileSync(stage.path('go'), '');
  mustBeDone(await running);
});

test('a secret that is not known any more is refused, not run without', async () => {
  const refusal = refusalOf(
    await runCommand.prepare(plan('true', { secretNames: ['TOKEN'] }), stage.context()),
  );
  expect(refusal).toMatchObject({ code: 'unavailable', message: expect.stringContaining('TOKEN') });
});

test.for([
  [{ argv: [] }, {}, 'invalid'],
  [{ argv: ['printf', 'a\0b'] }, {}, 'invalid'],
  [{ argv: ['true'] }, { workingFolder: '/nowhere/at/all' }, 'unavailable'],
] as const)('what could not be started is refused beforehand: %o', async ([command, changes, code]) => {
  expect(refusalOf(await runCommand.prepare(plan(command, changes), stage.context())).code).toBe(code);
});

test('a program that is not there says so', async () => {
  expect(await run(plan({ argv: ['no-such-program-here'] }))).toMatchObject({
    status: 'failed',
    exitCode: 127,
    message: expect.stringContaining('not found'),
  });
});

test('its own check decides whether it holds; its undo is run, and one without says that there is none', async () => {
  const marker = stage.path('marker');
  const environment = { F: marker };
  const operation = plan('touch "$F"', {
    environment,
    verify: { shell: 'test -e "$F"' },
    undo: { shell: 'rm "$F"' },
  });
  const receipt = await prepare(operation);
  mustBeDone(await runCommand.perform(operation, receipt, stage.context()));
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  mustBeDone(await runCommand.undo(operation, receipt, stage.context()));
  expect(existsSync(marker)).toBe(false);
  expect(await runCommand.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  expect(await runCommand.undo(operation, receipt, stage.context())).toMatchObject({
    status: 'failed',
    exitCode: 1,
  });
  expect(await runCommand.undo(plan('true'), receipt, stage.context())).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('has no undo'),
  });
});

test('a megabyte of output arrives whole', async () => {
  mustBeDone(await run(plan('head -c 1048576 /dev/zero | tr "\\0" x')));
  expect(stage.output.stdout.length).toBe(1048576);
});
