import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox } from '../../src/drill/sandbox.ts';
import { compareSnapshots, snapshotFiles } from '../drill/snapshot.ts';
import { Incidents, run } from './program.ts';

describe('the drill, unattended', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());
  const tourniquet = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);

  test('stops before what is riskier than allowed, is won once more is, and undo gives every file back bit for bit', async () => {
    const first = tourniquet('drill', '--yes', '--input', 'watch-for=5s');
    expect(first.stdout).toContain('--max-risk disruptive');
    expect(first.stderr).toContain('tourniquet resume');
    expect(first.code).toBe(4);

    // Nothing but reading has happened so far: this is the infection as it was planted.
    const id = incidents.newest();
    const sandbox = openSandbox(await incidents.sandboxId(id));
    const before = await snapshotFiles(sandbox);

    const second = tourniquet('resume', id, '--yes', '--max-risk', 'irreversible');
    expect(second.stdout + second.stderr).toContain('Drill won');
    expect(second.stdout).toMatch(/damaged +nothing/);
    expect(second.code).toBe(0);
    expect(compareSnapshots(before, await snapshotFiles(sandbox))).not.toEqual([]);

    const verified = tourniquet('verify', id);
    expect(verified.stdout).toContain('whole:');
    expect(verified.code).toBe(0);

    const asked = tourniquet('undo', id, '--json');
    expect(asked.code).toBe(4);
    const wouldBe = JSON.parse(asked.stdout);
    expect(wouldBe).toMatchObject({ incident: id, isDone: false, problems: [] });
    expect(new Set(wouldBe.operations.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['to-undo', 'stays']),
    );

    const undo = tourniquet('undo', id, '--yes');
    expect(undo.stderr).toBe('');
    expect(undo.stdout).toMatch(/stays kill-process .* \(cannot be undone\)/);
    expect(undo.code).toBe(0);
    expect(filesOnly(compareSnapshots(before, await snapshotFiles(sandbox)))).toEqual([]);

    const again = tourniquet('undo', id, '--yes', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ isDone: true, problems: [] });

    const transcript = tourniquet('transcript', id);
    expect(transcript.code).toBe(0);
    for (const word of ['kill-process', 'edit-file', 'was undone', 'head `']) {
      expect(transcript.stdout).toContain(word);
    }
    const json = JSON.parse(tourniquet('transcript', id, '--format', 'json').stdout);
    expect(json).toHaveProperty('steps');
  }, 300_000);
});

/** Upgrading a package cannot be undone; what it put on the disk stays. */
function filesOnly(differences: readonly string[]): string[] {
  return differences.filter((line) => !line.includes('ledger-tools'));
}
