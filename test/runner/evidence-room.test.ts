import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { evidenceBytes, whyNoRoom } from '../../src/runner/effects/evidence-room.ts';

test('evidence that would not fit is refused with what it needs and what is free; what fits is not', async () => {
  const { bavail, bsize } = await statfs(tmpdir());
  expect(await whyNoRoom(tmpdir(), 2 * bavail * bsize)).toMatchObject({
    code: 'evidence',
    message: expect.stringMatching(/would not fit: it needs .* are free in .*Free .* there/),
  });
  expect(await whyNoRoom(tmpdir(), 0)).toBeNull();
});

test('an archive needs what was counted when it was prepared', () => {
  const archive = { id: 'a', because: [], kind: 'archive-files', name: 'a', paths: [], maxBytes: 9 } as const;
  expect(evidenceBytes(archive, null)).toBe(0);
  expect(evidenceBytes(archive, { kind: 'archive-files', totalBytes: 4711 })).toBe(4711);
  expect(evidenceBytes({ id: 'b', because: [], kind: 'lift-isolation' }, null)).toBeNull();
});
