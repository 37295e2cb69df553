import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMirror } from '../../src/cli/run/mirror.ts';

async function begun(command: (folder: string) => string) {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-mirror-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const journal = join(folder, 'journal.jsonl');
  await writeFile(journal, 'one\n');
  const notices: (string | null)[] = [];
  const notice = (text: string | null) => void notices.push(text);
  const mirror = await startMirror({ command: command(folder), journal, notice, retryMs: 20 });
  const received = () => readFile(join(folder, 'copy'), 'utf8').catch(() => '');
  return { folder, journal, notices, mirror, received };
}

describe('a mirror', () => {
  test('is given each record as it is written', async () => {
    const { journal, mirror, received } = await begun((folder) => `cat >> ${folder}/copy`);
    await expect.poll(received).toBe('one\n');
    await appendFile(journal, 'two\n');
    mirror.wake();
    await expect.poll(received).toBe('one\ntwo\n');
    expect(await mirror.finish(5000)).toBe(true);
  });

  test('whose command dies says so, and has everything once it comes back', async () => {
    const { folder, journal, notices, mirror, received } = await begun(
      (at) => `[ -e ${at}/up ] || exit 7; exec cat >> ${at}/copy`,
    );
    await expect.poll(() => notices.at(-1)).toContain('exit code 7');
    await appendFile(journal, 'two\n');
    mirror.wake();
    await writeFile(join(folder, 'up'), '');
    await expect.poll(received).toContain('one\ntwo\n');
    await expect.poll(() => notices.at(-1)).toBe(null);
    expect(await mirror.finish(5000)).toBe(true);
  });

  test('that never takes anything holds nothing up, and is told at the end', async () => {
    const { journal, mirror } = await begun(() => 'exec sleep 60');
    await appendFile(journal, `${'x'.repeat(1_000_000)}\n`);
    mirror.wake();
    expect(await mirror.finish(200)).toBe(false);
  });
});
