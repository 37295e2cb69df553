import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { Incidents, run, start } from './program.ts';

const UNATTENDED = ['--yes', '--max-risk', 'irreversible'];

/** Operations of one drill, one of each kind at least; the runner is killed the moment each begins, or with these the host's end. */
const AT_THE_HOST = new Set(['isolate-host', 'kill-process', 'quarantine-file']);
const KINDS = [
  'archive-files',
  'isolate-host',
  'block-address',
  'kill-process',
  'edit-file',
  'quarantine-file',
  'disable-unit',
];

describe('a runner, or its agent on the host, killed with SIGKILL in the middle of an operation', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('again and again, in each kind of operation, is resumed every time and the drill is still won', async () => {
    const killedIn = new Set<string>();
    let args = [
      '--incident-dir',
      incidents.folder,
      'drill',
      ...UNATTENDED,
      '--json',
      '--input',
      'watch-for=5s',
    ];
    let output = '';
    for (let round = 0; round < 20; round++) {
      const ended = await runUntil(args, (record) => beginsNew(record, killedIn));
      output = ended.stdout;
      if (ended.wasKilled === null) break;
      if (ended.wasKilled === 'agent') {
        // Who has lost the host says so, lets go of the incident and tells how to go on.
        expect(ended).toMatchObject({ code: 5, said: expect.stringContaining('resume') });
        expect(ended.said).toContain('connection to the host was lost');
      }
      const id = readdirSync(incidents.folder)[0] ?? '';
      // The journal is whole up to the last record, whatever the moment.
      const contents = await readJournal(join(incidents.folder, id, 'journal.jsonl'));
      expect(contents.altered).toBeNull();
      args = ['--incident-dir', incidents.folder, 'resume', id, ...UNATTENDED, '--json'];
    }
    expect([...killedIn].sort()).toEqual(expect.arrayContaining([...KINDS].sort()));
    const score = JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as { drill?: { isWon: boolean } };
    expect(score.drill, output.slice(-3000)).toMatchObject({ isWon: true, damaged: [], missed: [] });

    const id = incidents.newest();
    const records = await incidents.records(id);
    expect(records.filter(({ event }) => event.kind === 'operation-recovered').length).toBeGreaterThanOrEqual(
      5,
    );
    expect(doneTwice(records)).toEqual([]);
    expect(run(['--incident-dir', incidents.folder, 'verify', id]).code).toBe(0);
  }, 900_000);
});

/** Whom to kill, once a kind, when an operation of it is begun: that is the moment. */
function beginsNew(record: JournalRecord, killedIn: Set<string>): 'runner' | 'agent' | null {
  if (record.event.kind !== 'operation-started') return null;
  const { kind } = record.event.receipt;
  if (!KINDS.includes(kind) || killedIn.has(kind)) return null;
  killedIn.add(kind);
  return AT_THE_HOST.has(kind) ? 'agent' : 'runner';
}

/** All that a process has started, and what they have. */
function below(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').match(/\d+/g) ?? [];
    return children.map(Number).flatMap((child) => [child, ...below(child)]);
  } catch {
    return [];
  }
}

function isAgent(pid: number): boolean {
  try {
    return /\0agent\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
  } catch {
    return false;
  }
}

interface Killed {
  readonly wasKilled: 'runner' | 'agent' | null;
  readonly code: number | null;
  readonly stdout: string;
  readonly said: string;
}

function runUntil(args: readonly string[], whom: (record: JournalRecord) => Killed['wasKilled']) {
  return new Promise<Killed>((resolve) => {
    const child = start(args);
    let [stdout, said] = ['', ''];
    let seen = 0;
    let wasKilled: Killed['wasKilled'] = null;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = stdout.split('\n');
      for (; seen < lines.length - 1; seen++) {
        const value = JSON.parse(lines[seen] ?? '{}') as JournalRecord;
        if (wasKilled !== null || value.event === undefined) continue;
        wasKilled = whom(value);
        if (wasKilled === 'runner') child.kill('SIGKILL');
        // A little into it, each time elsewhere.
        if (wasKilled === 'agent') setTimeout(() => killAgent(child.pid ?? 0), Math.random() * 100);
      }
    });
    child.on('close', (code) => resolve({ wasKilled, code, stdout, said: stdout + said }));
  });
}

function killAgent(runner: number): void {
  for (const pid of below(runner).filter(isAgent)) process.kill(pid, 'SIGKILL');
}

/** Operations with more than one end that says done. */
function doneTwice(records: readonly JournalRecord[]): string[] {
  const ends = records.flatMap(({ event }) => {
    if (event.kind === 'operation-finished' && event.outcome.status === 'done') return [event.operationId];
    if (event.kind === 'operation-recovered' && event.verification.status === 'holds')
      return [event.operationId];
    return [];
  });
  return ends.filter((id, index) => ends.indexOf(id) !== index);
}
