import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';
import type { Event } from '../../src/engine/event.ts';
import {
  makeJournal,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeProcess,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

export const MINER = Buffer.from('\x7fELF a pretend miner\n');
const PLAYBOOK = 'name: paper\n';

/** An incident on the disk, with a playbook, an output and a piece of evidence that its journal vouches for. */
export async function makeIncident(output = Buffer.from('killed\n')) {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-bundle-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const plan = makePlan('kill', 1, [
    { kind: 'collect-process', process: makeProcess(812, 'kworkerds') },
    { kind: 'kill-process', process: makeProcess(812, 'kworkerds') },
  ]);
  const evidence = {
    name: 'kill.1.1/process-812/exe',
    sha256: sha256(MINER),
    sizeBytes: MINER.length,
    source: '/proc/812/exe',
  };
  const at = (operationId: string) => ({ stepId: 'kill', operationId });
  const events: Event[] = [
    ...makeOpening(makePlaybook([makeStep('kill', { title: 'Kill process' }), makeStep('patch')])),
    { kind: 'plan-made', stepId: 'kill', plan },
    { kind: 'plan-approved', stepId: 'kill', planHash: plan.hash, how: 'key' },
    {
      kind: 'operation-started',
      ...at('kill.1.1'),
      receipt: { kind: 'collect-process' },
      evidence: [evidence],
    },
    { kind: 'operation-finished', ...at('kill.1.1'), outcome: makeOutcome('collect-process'), output: null },
    { kind: 'operation-started', ...at('kill.1.2'), receipt: { kind: 'kill-process' }, evidence: [] },
    {
      kind: 'operation-finished',
      ...at('kill.1.2'),
      outcome: makeOutcome('kill-process'),
      output: { name: 'kill.1.2.log', sizeBytes: output.length, sha256: sha256(output) },
    },
    { kind: 'step-finished', stepId: 'kill', summary: '2 held' },
    { kind: 'runner-detached', reason: 'left' },
  ];
  const [opened, ...rest] = events;
  const records = makeRecords([{ ...opened, playbookSha256: sha256(PLAYBOOK) } as Event, ...rest]);
  const first = records[0]?.event;
  const id = first?.kind === 'incident-opened' ? first.incidentId : '';
  const folder = join(root, id);
  const { text: journal, head } = makeJournal(records);
  const files: [string, string | Buffer][] = [
    ['journal.jsonl', journal],
    ['playbook.yaml', PLAYBOOK],
    ['host.json', '{"kind":"command","argv":["ssh","secret-host"]}'],
    ['output/kill.1.2.log', output],
    [`evidence/${evidence.name}`, MINER],
    ['quarantine/kept', 'x'],
  ];
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
  }
  return { root, folder, id, head };
}

/** The program as it is started, without a key of its own unless one is given. */
export async function run(root: string, args: readonly string[], environment: Record<string, string> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const surroundings = {
    ...processSurroundings(),
    stdout,
    stderr,
    stdin: new PassThrough(),
    environment: { HOME: root, LANG: 'C.UTF-8', ...environment },
  };
  const argv = ['--incident-dir', root, '--responder', 'ana', ...args];
  const code = await runProgram(argv, surroundings as unknown as Parameters<typeof runProgram>[1]).catch(
    (error: Error & { code?: string }) => ({ thrown: error }),
  );
  const texts = { stdout: allOf(stdout), stderr: allOf(stderr) };
  if (typeof code === 'number') return { code, error: null, ...texts };
  return { code: null, error: code.thrown, ...texts };
}

function allOf(stream: PassThrough): string {
  const pieces: string[] = [];
  for (let piece = stream.read(); piece !== null; piece = stream.read()) pieces.push(String(piece));
  return pieces.join('');
}
