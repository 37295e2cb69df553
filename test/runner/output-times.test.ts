import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { expectedFiles } from '../../src/journal/expected-files.ts';
import type { IncidentFolder } from '../../src/journal/folder.ts';
import { readTimes } from '../../src/runner/output-part.ts';
import { keepTimes } from '../../src/runner/output-times.ts';

const output = mkdtempSync(join(tmpdir(), 'tourniquet-times-'));
const folder = { output } as IncidentFolder;
afterAll(() => rmSync(output, { recursive: true }));

describe('the times of an output', () => {
  it('are kept at most once a second, hashed, and read again', async () => {
    let nowMs = 1_795_000_000_000;
    const times = keepTimes(output, 'patch.1.1', () => nowMs);
    for (const [passedMs, bytes] of [
      [0, 10],
      [400, 20],
      [700, 30],
      [999, 40],
      [60_000, 50],
      // Set back.
      [-3_600_000, 60],
    ] as const) {
      nowMs += passedMs;
      times.came(bytes);
    }
    const sha256 = await times.close();
    expect(sha256).toBe(
      createHash('sha256')
        .update(readFileSync(join(output, 'patch.1.1.times')))
        .digest('hex'),
    );
    expect(await readTimes(folder, 'patch.1.1')).toEqual([
      { fromByte: 0, atMs: 1_795_000_000_000 },
      { fromByte: 30, atMs: 1_795_000_001_100 },
      { fromByte: 100, atMs: 1_795_000_062_099 },
      { fromByte: 150, atMs: 1_794_996_462_099 },
    ]);
  });

  it('are none where there is no file, a name that leads elsewhere, or something else in it', async () => {
    expect(await readTimes(folder, 'nothing.1.1')).toEqual([]);
    expect(await readTimes(folder, '../etc/passwd')).toEqual([]);
    symlinkSync('/proc/self/stat', join(output, 'link.1.1.times'));
    expect(await readTimes(folder, 'link.1.1')).toEqual([]);
    writeFileSync(join(output, 'odd.1.1.times'), 'x\n12 \n-1 5\n7 99999999999999999999\n');
    // What is being written may end in the middle of a line.
    appendFileSync(join(output, 'odd.1.1.times'), '5 1795000000000\n9 1795');
    expect(await readTimes(folder, 'odd.1.1')).toEqual([{ fromByte: 5, atMs: 1_795_000_000_000 }]);
  });

  it('are vouched for by the journal as the output is', () => {
    const finished = {
      event: {
        kind: 'operation-finished',
        output: { name: 'patch.1.1.log', sizeBytes: 3, sha256: 'a', timesSha256: 'b' },
        outcome: { evidence: [] },
      },
    } as unknown as JournalRecord;
    expect([...expectedFiles([finished])]).toEqual([
      ['output/patch.1.1.log', 'a'],
      ['output/patch.1.1.times', 'b'],
    ]);
  });
});
