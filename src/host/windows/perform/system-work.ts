/**
 * Work that goes on without us: as SYSTEM, by a task of the scheduler's, from a folder of its own below the incident's. A
 * later call with the same id attaches to it.
 */
import { win32 } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { OperationContext } from '../../host.ts';
import { call, LostCall } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import { readWorker, type Worker } from '../scripts.ts';

const began = z.object({ status: z.enum(['there', 'begun', 'not-begun']) });
const state = z.object({
  exists: z.boolean(),
  ended: z.boolean(),
  output: z.base64(),
  errors: z.base64(),
  percent: z.string(),
  result: z.string(),
});
const result = z.looseObject({ ok: z.boolean(), message: z.string() });
export type WorkResult = z.infer<typeof result>;

type Listening = Pick<OperationContext, 'onOutput' | 'onProgress' | 'signal'>;

const LOOK_EVERY_MS = 500;

export interface Work {
  readonly session: PowerShellSession;
  /** The incident's. */
  readonly folder: string;
  /** Of the operation, and what for. */
  readonly id: string;
}

/**
 * Begins it, or attaches to what was begun, and waits for its end.
 * @throws LostCall if it did not begin, or said nothing that can be read; null: the waiting was cut short, it goes on.
 */
export async function work(
  at: Work,
  worker: Worker,
  given: Readonly<Record<string, unknown>>,
  listening: Listening,
  everyMs = LOOK_EVERY_MS,
): Promise<WorkResult | null> {
  const Folder = folderOf(at);
  const parameters = { Folder, Worker: readWorker(worker), Given: JSON.stringify(given) };
  const [row] = await call(at.session, 'begin-work', parameters, began);
  if (row === undefined || row.status === 'not-begun')
    throw new LostCall('The task scheduler did not begin it: is its service running (Get-Service Schedule)?');
  return follow(at, listening, everyMs);
}

/** What is known of work that was begun before; null: there was none, or it goes on. */
export async function workEnded(at: Work): Promise<WorkResult | null> {
  const [now] = await call(
    at.session,
    'work-state',
    { Folder: folderOf(at), Offset: '0', ErrorOffset: '0' },
    state,
  );
  return now?.ended ? readResult(now.result) : null;
}

async function follow(
  at: Work,
  { onOutput, onProgress, signal }: Listening,
  everyMs: number,
): Promise<WorkResult | null> {
  let offset = 0;
  let errorOffset = 0;
  for (;;) {
    const parameters = { Folder: folderOf(at), Offset: String(offset), ErrorOffset: String(errorOffset) };
    const [now] = await call(at.session, 'work-state', parameters, state);
    if (now === undefined || !now.exists)
      throw new LostCall('The folder of this work is gone: what became of it is not known.');
    const output = Buffer.from(now.output, 'base64');
    const errors = Buffer.from(now.errors, 'base64');
    if (output.length > 0) onOutput('stdout', output);
    if (errors.length > 0) onOutput('stderr', errors);
    offset += output.length;
    errorOffset += errors.length;
    if (/^\d{1,3}$/.test(now.percent)) onProgress({ done: Number(now.percent), total: 100, unit: 'percent' });
    if (now.ended && output.length === 0 && errors.length === 0) return readResult(now.result);
    if (signal?.aborted) return null;
    await pause(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

function readResult(text: string): WorkResult {
  try {
    return result.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    throw new LostCall('What came of this work cannot be read: look at the host.');
  }
}

function folderOf({ folder, id }: Work): string {
  return win32.join(folder, `work-${id.replaceAll(/[^\w.-]/g, '-')}`);
}
