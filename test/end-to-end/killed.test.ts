import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { Incidents, run, start } from './program.ts';

const UNATTENDED = ['--yes', '--max-risk', 'irreversible'];

/** Operations of one drill, one of each kind at least; the runner is killed the moment each begins. */
const KINDS = [
  'archive-files',
  'isolate-host',
  'block-address',
  'kill-process',
  'edit-file',
  'quarantine-file',
  'disable-unit',
];

describe('a runner killed with SIGKILL in the middle of an operation', () => {
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
      if (!ended.wasKilled) break;
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
  }, 400_000);
});

/** True, once a kind, when an operation of it is begun: that is the moment to kill. */
function beginsNew(record: JournalRecord, killedIn: Set<string>): boolean {
  if (record.event.kind !== 'operation-started') return false;
  const { kind } = record.event.receipt;
  if (!KINDS.includes(kind) || killedIn.has(kind)) return false;
  killedIn.add(kind);
  return true;
}

function runUntil(args: readonly string[], isMoment: (record: JournalRecord) => boolean) {
  return new Promise<{ wasKilled: boolean; stdout: string }>((resolve) => {
    const child = start(args);
    let stdout = '';
    let seen = 0;
    let wasKilled = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = stdout.split('\n');
      for (; seen < lines.length - 1; seen++) {
        const value = JSON.parse(lines[seen] ?? '{}') as JournalRecord;
        if (!wasKilled && value.event !== undefined && isMoment(value)) {
          wasKilled = true;
          child.kill('SIGKILL');
        }
      }
    });
    child.on('close', () => resolve({ wasKilled, stdout }));
  });
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
