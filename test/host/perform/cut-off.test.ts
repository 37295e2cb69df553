import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyFile } from '../../../src/host/file-identity.ts';
import { editFile } from '../../../src/host/perform/edit-file.ts';
import type { OperationPerformer } from '../../../src/host/perform/performer.ts';
import { quarantineFile } from '../../../src/host/perform/quarantine-file.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import type { Receipt } from '../../../src/operations/receipt.ts';
import { fingerprint, makeStage, plantFile, runIfThere, type Stage } from './stage.ts';

type Kind = 'quarantine-file' | 'edit-file';
const CHILD = fileURLToPath(new URL('./perform-and-die.ts', import.meta.url));
const performers = { 'quarantine-file': quarantineFile, 'edit-file': editFile };

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

/** Kills the runner so many milliseconds into the change; returns the receipt that was journalled before. */
async function dieAfter(operation: OperationOf<Kind>, what: string, afterMs: number): Promise<Receipt> {
  const child = fork(CHILD, [stage.root, JSON.stringify(operation), what], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  let receipt: Receipt | null = null;
  child.on('message', (message: Receipt | string) => {
    if (typeof message !== 'string') receipt = message;
    else if (message === 'begun') setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  await exit;
  if (receipt === null) throw new Error('it was not prepared');
  return receipt;
}

test.for(['quarantine-file', 'edit-file'] as const)(
  'killed at any moment of %s or of its undo: it can be judged, and undone bit for bit, from the receipt',
  async (kind) => {
    const performer = performers[kind] as unknown as OperationPerformer<Kind>;
    const seen = new Set<string>();
    for (const [index, afterMs] of [0, 4, 9, 15, 24, 40].entries()) {
      const path = plantFile(stage.path('evil'), 'keep\nevil\nkeep\n');
      runIfThere('chattr', ['+i', path]);
      const before = fingerprint(path);
      const common = { id: `cut.1.${index}`, because: [], file: identifyFile(path) };
      const operation: OperationOf<Kind> =
        kind === 'edit-file'
          ? { ...common, kind, removeLines: [{ number: 2, text: 'evil' }] }
          : { ...common, kind };
      const what = index % 2 === 0 ? 'perform' : 'undo';
      const receipt = await dieAfter(operation, what, afterMs);
      const { status } = await performer.verify(operation, receipt);
      expect(['holds', 'does-not-hold']).toContain(status);
      seen.add(status);
      const undone = await performer.undo(operation, receipt, stage.context());
      expect(undone, undone.message).toMatchObject({ status: 'done' });
      expect(fingerprint(path)).toEqual(before);
      runIfThere('chattr', ['-i', path]);
      rmSync(path);
    }
    expect(seen.size).toBeGreaterThan(0);
  },
);
