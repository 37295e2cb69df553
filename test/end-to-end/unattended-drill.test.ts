import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox, startSandbox } from '../../src/drill/sandbox.ts';
import { compareSnapshots, snapshotFiles } from '../../src/drill/snapshot.ts';
import { Incidents, run } from './program.ts';

const UNATTENDED = ['--yes', '--max-risk', 'irreversible'];

describe('the drill, unattended', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('is won: everything of the infection gone, everything ordinary as it was; and undo gives every file back bit for bit', async () => {
    const drill = run(['--incident-dir', incidents.folder, 'drill', ...UNATTENDED, '--seed', '7']);
    expect(drill.stdout + drill.stderr).toContain('Drill won');
    expect(drill.stdout).toMatch(/damaged +nothing/);
    expect(drill.code).toBe(0);
    const id = incidents.newest();

    const verified = run(['--incident-dir', incidents.folder, 'verify', id]);
    expect(verified.stdout).toContain('whole:');
    expect(verified.code).toBe(0);

    const transcript = run(['--incident-dir', incidents.folder, 'transcript', id]);
    expect(transcript.code).toBe(0);
    expect(transcript.stdout).toContain('kill-process');

    const undo = run(['--incident-dir', incidents.folder, 'undo', id, '--yes']);
    expect(undo.stderr).toBe('');
    expect(undo.code).toBe(0);
    expect(undo.stdout).toContain('cannot be undone');

    // The same seed plants the same infection: what undo left behind is compared with an untouched one.
    const touched = openSandbox(await incidents.sandboxId(id));
    const fresh = await startSandbox({ scenario: 'noisy', seed: 7 });
    try {
      const before = await snapshotFiles(fresh);
      const after = await snapshotFiles(touched);
      expect(compareSnapshots(withoutTimes(before), withoutTimes(after))).toEqual([]);
    } finally {
      await fresh.end();
    }
  });

  test('without enough risk allowed stops before the first thing that is above, and says which flag', () => {
    const drill = run(['--incident-dir', incidents.folder, 'drill', '--yes']);
    expect(drill.code).toBe(4);
    expect(drill.stdout).toContain('--max-risk disruptive');
    expect(drill.stderr).toContain('tourniquet resume');
  });
});

type Snapshot = Awaited<ReturnType<typeof snapshotFiles>>;

/** Two sandboxes are planted at two times; mtimes are compared within one sandbox, in the file operations' own tests. */
function withoutTimes(snapshot: Snapshot): Snapshot {
  return Object.fromEntries(
    Object.entries(snapshot).map(([path, state]) => [path, state && { ...state, mtimeNs: '0' }]),
  );
}
