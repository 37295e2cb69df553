import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { walkPrograms } from '../../../src/host/scan/walk-programs.ts';

const root = mkdtempSync(join(tmpdir(), 'walk-'));
mkdirSync(join(root, 'usr/bin'), { recursive: true });
mkdirSync(join(root, 'opt/deep/deeper'), { recursive: true });
for (const [path, mode] of [
  ['usr/bin/plain', 0o755],
  ['opt/deep/deeper/raised', 0o4755],
  ['opt/deep/bits-nobody-may-start', 0o4644],
  ['opt/deep/text', 0o644],
] as const) {
  writeFileSync(join(root, path), '');
  chmodSync(join(root, path), mode);
}
afterAll(() => rmSync(root, { recursive: true }));

test('lists what can be started, and what of that has set-id bits', () => {
  const walk = walkPrograms({ root, mostCpuMs: 60_000, mostWallMs: 60_000 });
  expect(walk.executables.toSorted()).toEqual(['/opt/deep/deeper/raised', '/usr/bin/plain']);
  expect(walk.setId).toEqual(['/opt/deep/deeper/raised']);
  expect(walk.endedAt).toBeNull();
});

test.for([
  { mostCpuMs: -1, mostWallMs: 60_000 },
  { mostCpuMs: 60_000, mostWallMs: -1 },
])('says where its time was over: %o', (limits) => {
  expect(walkPrograms({ root, ...limits }).endedAt).toBe('/usr/bin');
});
