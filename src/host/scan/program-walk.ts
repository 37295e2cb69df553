import { Worker } from 'node:worker_threads';
import { cleanEnvironment } from '../run-tool.ts';
import { silentMounts } from '../silent-mounts.ts';
import { type Look, note } from './look.ts';
import type { ProgramWalk } from './walk-programs.ts';

const MOST_CPU_MS = 1_200;
/** Where a miner has all the processors, that much computing takes so long. */
const MOST_WALL_MS = 4_000;
/** Beyond its own limit: it hangs in the kernel, behind a mount that has just become silent. */
const GRACE_MS = 4_000;

const WALKS = new WeakMap<Look, Promise<ProgramWalk>>();

/**
 * Every executable of the file systems that `/` and the usual places are on, once a scan; in a thread of its own, since
 * it is what takes longest. What kept it from seeing all is in what it returns, or noted.
 */
export function programsOf(look: Look): Promise<ProgramWalk> {
  const known = WALKS.get(look);
  if (known !== undefined) return known;
  const walk = walkBeside(look);
  WALKS.set(look, walk);
  return walk;
}

async function walkBeside(look: Look): Promise<ProgramWalk> {
  const worker = new Worker(workerUrl(), {
    workerData: {
      ...{ root: look.root, silent: silentMounts() },
      ...{ mostCpuMs: MOST_CPU_MS, mostWallMs: MOST_WALL_MS },
    },
    env: cleanEnvironment(),
    execArgv: [],
    // It makes much and keeps little: with room to grow it would take 13 MB more.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
    stdout: true,
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<ProgramWalk | string>();
  const timer = setTimeout(() => resolve('it did not end in time'), MOST_WALL_MS + GRACE_MS);
  const cancel = () => resolve('the look was cancelled');
  look.signal?.addEventListener('abort', cancel, { once: true });
  worker.once('message', resolve);
  worker.once('error', (error) => resolve(error instanceof Error ? error.message : String(error)));
  worker.once('exit', () => resolve('its thread ended'));
  const walk = await promise;
  clearTimeout(timer);
  look.signal?.removeEventListener('abort', cancel);
  // Not waited for: one that hangs in the kernel does not end.
  void worker.terminate();
  if (typeof walk === 'string') {
    look.unknowns.push({ scope: 'set-id', what: 'the walk through all folders', reason: walk });
    return NOTHING;
  }
  for (const { path, code } of walk.failed) note(look, 'set-id', path, { code });
  return walk;
}

const NOTHING: ProgramWalk = {
  ...{ setId: [], executables: [], systems: [], unreadable: [], failed: [] },
  ...{ entries: 0, endedAt: null },
};

/** In the bundle it lies beside the chunks; from source beside this file. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./program-walk-worker.${extension}`, import.meta.url);
}
