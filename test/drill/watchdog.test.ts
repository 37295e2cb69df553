import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { lookInside, type SeenProcess } from '../../src/drill/look.ts';
import { readManifest } from '../../src/drill/manifest.ts';
import { type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import { scoreDrill } from '../../src/drill/score.ts';
import { runTool } from '../../src/host/run-tool.ts';

test('miner and guard start each other again under other names, whichever is killed', async () => {
  const sandbox = await startSandbox({ scenario: 'watchdog', seed: 11 });
  onTestFinished(() => sandbox.end());
  const { miner } = readManifest(sandbox.folder);
  const isMiner = ({ commandLine }: SeenProcess) => commandLine.includes(miner.wallet);
  const isGuard = (seen: SeenProcess) =>
    (seen.exe ?? '').startsWith(`${miner.folder}/`) && !isMiner(seen) && seen.state !== 'Z';

  for (const isIt of [isMiner, isGuard]) {
    const [first] = (await lookInside(sandbox, {})).processes.filter(isIt);
    if (first === undefined) throw new Error('one of them does not run');
    await kill(sandbox, first.pid);
    const second = await appears(sandbox, (seen) => isIt(seen) && seen.pid !== first.pid);
    expect(second.commandLine.split(' ')[0]).not.toBe(first.commandLine.split(' ')[0]);
  }
  const score = await scoreDrill(sandbox);
  expect(score.isWon).toBe(false);
  expect(score.damaged).toEqual([]);
}, 60_000);

async function kill(sandbox: Sandbox, pid: number): Promise<void> {
  const run = await runTool(sandbox.agentCommand(['/bin/sh', '-c', 'kill -9 "$1"', 'sh', String(pid)]));
  expect(run.exitCode).toBe(0);
}

/** The first process that is like this, once there is one. */
async function appears(sandbox: Sandbox, isIt: (seen: SeenProcess) => boolean): Promise<SeenProcess> {
  for (;;) {
    const found = (await lookInside(sandbox, {})).processes.find(
      (seen) => isIt(seen) && (seen.exe ?? '').split('/').length > 4,
    );
    if (found !== undefined) return found;
    await pause(50);
  }
}
