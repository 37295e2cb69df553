import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryIdentifyFile } from '../../../src/host/file-identity.ts';
import { editFile } from '../../../src/host/perform/edit-file.ts';
import type { OperationPerformer } from '../../../src/host/perform/performer.ts';
import { quarantineFile } from '../../../src/host/perform/quarantine-file.ts';
import { setAttributes } from '../../../src/host/perform/set-attributes.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { report, runs } from '../../support/length.ts';
import { fingerprint, makeStage, type Stage } from './stage.ts';

/**
 * Each way of fighting back against each operation, many times over. What is asked: whatever comes of it, nothing
 * outside of the target is touched, nothing is called done that was not, and nothing of the target is lost.
 */
let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

const LOOP = fileURLToPath(new URL('./swap-loop.mjs', import.meta.url));
const TEXT = 'keep\nevil\nkeep\n';
const EDITED = 'keep\nkeep\n';
const ATTEMPTS = runs(12, 80);

/** All contents of regular files below a folder, symlinks not followed. */
function contentsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return contentsBelow(path);
    return entry.isFile() ? [readFileSync(path, 'utf8')] : [];
  });
}

async function fight(how: string, kind: 'quarantine-file' | 'edit-file' | 'set-attributes') {
  const path = stage.path('dir/evil');
  const victim = stage.path('victim/evil');
  mkdirSync(dirname(path));
  mkdirSync(dirname(victim));
  writeFileSync(victim, TEXT, { mode: 0o640 });
  const untouched = fingerprint(victim);
  const counts = { done: 0, failed: 0, refused: 0 };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    for (const name of readdirSync(stage.path('.')))
      if (name !== 'victim') rmSync(stage.path(name), { recursive: true, force: true });
    mkdirSync(dirname(path));
    writeFileSync(path, TEXT);
    const file = tryIdentifyFile(path);
    if (file instanceof Error) throw file;
    const context = stage.context();
    const common = { id: `race.1.${attempt}`, because: [], file };
    const operation = {
      ...common,
      ...(kind === 'edit-file' ? { removeLines: [{ number: 2, text: 'evil' }] } : {}),
      ...(kind === 'set-attributes' ? { mode: 0o600 } : {}),
      kind,
    } as Operation;
    const performer = PERFORMERS[kind] as unknown as OperationPerformer<Operation['kind']>;
    // Half of the time it begins before the preparation, half of the time after.
    const early = attempt % 2 === 0 ? await startLoop(how, path, victim) : null;
    const prepared = await performer.prepare(operation, context);
    const loop = early ?? (await startLoop(how, path, victim));
    const outcome =
      prepared.status === 'ready' ? await performer.perform(operation, prepared.receipt, context) : null;
    const ended = once(loop, 'exit');
    loop.kill('SIGKILL');
    await ended;
    counts[outcome?.status ?? 'refused'] += 1;

    expect(fingerprint(victim), outcome?.message).toEqual(untouched);
    const quarantined = kind === 'quarantine-file' && outcome?.status === 'done';
    const kept = join(stage.hostFolder, 'quarantine', `race.1.${attempt}`);
    if (kind === 'set-attributes') expect(existsSync(kept)).toBe(false);
    else if (outcome?.status === 'done') expect(readFileSync(kept, 'utf8')).toBe(TEXT);
    else if (existsSync(kept)) expect(outcome?.message).toContain('could not be put back');
    const all = [
      ...contentsBelow(stage.path('.')).filter((text) => text === TEXT),
      ...(quarantined ? [TEXT] : []),
    ];
    // The victim's own, and the target's: in quarantine, or still about.
    if (kind === 'quarantine-file') expect(all.length).toBeGreaterThanOrEqual(2);
    for (const text of contentsBelow(stage.path('.')))
      expect([TEXT, EDITED, 'decoy', 'x', '']).toContain(text);
  }
  return counts;
}

const PERFORMERS = {
  'quarantine-file': quarantineFile,
  'edit-file': editFile,
  'set-attributes': setAttributes,
} as const;

const raced = (suite: string) => report({ suite, runs: ATTEMPTS, faults: ATTEMPTS, lost: 0, escaped: 0 });

async function startLoop(how: string, path: string, victim: string) {
  const loop = fork(LOOP, [how, path, victim], { execArgv: [] });
  await once(loop, 'message');
  return loop;
}

test.for(['link', 'hard', 'decoy', 'folder', 'fill'] as const)(
  'quarantine against %s swapping',
  { timeout: 600_000 },
  async (how) => {
    const counts = await fight(how, 'quarantine-file');
    expect(counts.done + counts.failed + counts.refused).toBe(ATTEMPTS);
    raced(`quarantine against ${how === 'hard' ? 'hard link' : how} swapping`);
  },
);

test.for(['link', 'hard', 'folder'] as const)(
  'attributes against %s swapping',
  { timeout: 600_000 },
  async (how) => {
    const counts = await fight(how, 'set-attributes');
    expect(counts.done + counts.failed + counts.refused).toBe(ATTEMPTS);
    raced(`attributes against ${how === 'hard' ? 'hard link' : how} swapping`);
  },
);

test.for(['link', 'hard', 'decoy', 'folder'] as const)(
  'edit against %s swapping',
  { timeout: 600_000 },
  async (how) => {
    const counts = await fight(how, 'edit-file');
    expect(counts.done + counts.failed + counts.refused).toBe(ATTEMPTS);
    raced(`edit against ${how === 'hard' ? 'hard link' : how} swapping`);
  },
);

test('a writer that holds the old file open while it is edited does not lose what it wrote', async () => {
  const path = stage.path('log');
  writeFileSync(path, TEXT);
  const file = tryIdentifyFile(path);
  if (file instanceof Error) throw file;
  const operation = {
    kind: 'edit-file' as const,
    id: 'race.2.0',
    because: [],
    file,
    removeLines: [{ number: 2, text: 'evil' }],
  };
  const prepared = await editFile.prepare(operation, stage.context());
  if (prepared.status !== 'ready') throw new Error('refused');
  writeFileSync(path, 'more\n', { flag: 'a' });
  expect((await editFile.perform(operation, prepared.receipt, stage.context())).status).toBe('failed');
  expect(readFileSync(path, 'utf8')).toBe(`${TEXT}more\n`);
  expect(lstatSync(path).isFile()).toBe(true);
  renameSync(path, `${path}.x`);
});
