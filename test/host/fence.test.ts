import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OtherIncident, whileFenced } from '../../src/host/fence.ts';
import type { OperationContext } from '../../src/host/host.ts';
import { createLocalHost } from '../../src/host/local.ts';
import type { Operation } from '../../src/operations/operation.ts';

const ACT = fileURLToPath(new URL('./fixtures/act-fenced.ts', import.meta.url));

let root: string;
let actors: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tourniquet-fence-'));
});
afterEach(() => {
  for (const actor of actors) actor.kill('SIGKILL');
  actors = [];
  rmSync(root, { recursive: true, force: true });
});

const folder = () => join(root, 'incident-1');
const gate = () => join(root, 'gate');
const deeds = () => (existsSync(join(root, 'deeds')) ? readFileSync(join(root, 'deeds'), 'utf8') : '');

/** Another process of ours, in the middle of a deed once this resolves. */
async function actor(token: string) {
  const child = spawn(process.execPath, [ACT, folder(), token, gate(), join(root, 'deeds')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  actors.push(child);
  const [first] = await once(child.stdout.setEncoding('utf8'), 'data');
  expect(first).toBe('acting\n');
  return child;
}

const CONTEXT: Omit<OperationContext, 'incidentId'> = {
  evidence: { open: () => Promise.reject(new Error('nothing is taken')) },
  onOutput: () => {},
  onProgress: () => {},
  secrets: {},
};

describe('the fence of an incident', () => {
  test('lets act who came last, and refuses who was replaced', async () => {
    const done: number[] = [];
    await whileFenced(folder(), 'a:3', async () => void done.push(3));
    await whileFenced(folder(), 'a:9', async () => void done.push(9));
    await expect(whileFenced(folder(), 'a:3', async () => void done.push(3))).rejects.toMatchObject({
      code: 'taken-over',
    });
    await whileFenced(folder(), 'a:9', async () => void done.push(9));
    expect(done).toEqual([3, 9, 9]);
  });

  test('of one incident is not that of another with the same name: it gets a folder of its own', async () => {
    await whileFenced(folder(), 'a:9', async () => undefined);
    await expect(whileFenced(folder(), 'b:3', async () => 'done')).rejects.toBeInstanceOf(OtherIncident);
    const host = createLocalHost({ hostFolderRoot: join(root, 'hosts') });
    const tally = join(root, 'tally');
    const operation = {
      ...{
        kind: 'run-command',
        id: 'one.1.1',
        because: [],
        environment: {},
        workingFolder: null,
        risk: 'reversible',
        secretNames: [],
        verify: null,
        undo: null,
      },
      ...{ command: { shell: `echo once >>${tally}` }, timeoutMs: 60_000 },
    } as unknown as Operation;
    const admitted = async (fence: string) => {
      await host.admit('same', fence);
      return { ...CONTEXT, incidentId: 'same', fence };
    };
    const receipts = [];
    for (const fence of ['a:3', 'b:3']) {
      const context = await admitted(fence);
      const prepared = await host.prepare(operation, context);
      if (prepared.status !== 'ready') throw new Error(prepared.refusal.message);
      receipts.push(prepared.receipt);
      expect(await host.perform(operation, prepared.receipt, context)).toMatchObject({ status: 'done' });
    }
    // Each incident once: the next runner of the second one attaches to what had ended, by what was journalled.
    const [, second] = receipts;
    if (second === undefined) throw new Error('no receipt');
    expect(await host.perform(operation, second, await admitted('b:7'))).toMatchObject({ status: 'done' });
    expect(readFileSync(tally, 'utf8')).toBe('once\nonce\n');
    await expect(host.admit('same', 'b:5')).rejects.toMatchObject({ code: 'taken-over' });
    await host.close();
  });

  test('is not raised while a deed is in hand: that one ends first', async () => {
    const first = await actor('a:2');
    let isRaised = false;
    const raised = whileFenced(folder(), 'a:5', async () => {
      isRaised = true;
      return deeds();
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isRaised).toBe(false);
    writeFileSync(gate(), '');
    expect(await raised).toBe('a:2\n');
    await once(first, 'close');
  });

  test('is raised over a process that was stopped in mid-deed by ending it: it never goes on', async () => {
    const hung = await actor('a:2');
    hung.kill('SIGSTOP');
    const closed = once(hung, 'exit');
    await whileFenced(folder(), 'a:5', async () => undefined);
    hung.kill('SIGCONT');
    expect((await closed)[1]).toBe('SIGKILL');
    writeFileSync(gate(), '');
    expect(deeds()).toBe('');
  });

  test('is not held up by one that died', async () => {
    const dead = await actor('a:2');
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    await whileFenced(folder(), 'a:5', async () => undefined);
    expect(existsSync(join(folder(), 'acting'))).toBe(false);
  });

  test('many at once act one after the other, and none is left out', async () => {
    let inside = 0;
    let most = 0;
    const act = () =>
      whileFenced(folder(), 'a:7', async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 20 }, act));
    expect(most).toBe(1);
  });
});
