import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shellQuote } from '../../src/operations/shell-quote.ts';
import { type Debian, startDebian } from '../support/debian.ts';
import { Incidents, run } from './program.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = '/root/tourniquet/tourniquet';
let debian: Debian;

beforeAll(async () => {
  const said = execFileSync(process.execPath, [join(ROOT, 'src/portable.mjs')], { encoding: 'utf8' });
  const archive = readFileSync(said.split('\n')[0] ?? '');
  debian = await startDebian('none');
  // What Node needs and a minimal system has not: the other tests’ tree has it for their own sake.
  debian.shell('rm -f /usr/lib/*/libatomic.so.1*');
  const [file = '', ...args] = debian.command(['tar', '-xzf', '-', '-C', '/root']);
  expect(spawnSync(file, args, { input: archive }).stderr.toString()).toBe('');
});
afterAll(() => debian?.end());

function onHost(argv: readonly string[], input = '') {
  const [file = '', ...args] = debian.command([PROGRAM, ...argv]);
  return spawnSync(file, args, { encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 });
}

it('runs on a host without Node, and blames neither it nor itself', () => {
  expect(debian.shell('command -v node || echo none').trim()).toBe('none');
  const { status, stdout, stderr } = onHost(['scan', '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { findings } = JSON.parse(stdout) as { findings: { title: string; verdict: string }[] };
  expect(findings.filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious')).toEqual([]);
});

it('responds there, and says under its own path how to go on', () => {
  const { status, stdout, stderr } = onHost(['run', '--plain'], 'q\n');
  expect(`${stdout}${stderr}`).toContain(`${PROGRAM} resume ${incident()}`);
  expect(status).toBe(0);
  expect(onHost(['verify', incident()]).status).toBe(0);
});

it('is the agent of a responder who stays on another machine', async () => {
  const incidents = await Incidents.make();
  try {
    const command = debian.command([PROGRAM, 'agent']).map(shellQuote).join(' ');
    const options = ['--incident-dir', incidents.folder, 'run', '--host', command];
    const { stdout, code } = run([...options, '--yes', '--only', 'look']);
    expect({ stdout, code }).toMatchObject({ stdout: expect.stringContaining('Look: finished'), code: 3 });
    expect(debian.shell('cat /proc/sys/kernel/hostname').trim()).not.toBe(hostname());
    expect(run(['--incident-dir', incidents.folder, 'show', incidents.newest()]).stdout).toContain(
      debian.shell('cat /proc/sys/kernel/hostname').trim(),
    );
  } finally {
    await incidents.end();
  }
});

function incident(): string {
  return debian.shell('ls /var/lib/tourniquet/incidents').trim().split('\n')[0] ?? '';
}
