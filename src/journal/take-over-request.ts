import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockRecord } from './lock-record.ts';

/** Somebody wants the lock of somebody alive. It is meant for this holder alone, and no later one. */
export interface TakeOverRequest {
  readonly from: LockRecord;
  readonly by: LockRecord;
  readonly reason: string;
}

/** The last who asks is the one that is named; who gets the lock is decided by the lock itself. */
export async function askToGo(folder: string, request: TakeOverRequest): Promise<void> {
  const path = requestPath(folder);
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(request), { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
}

export async function readRequest(folder: string): Promise<TakeOverRequest | null> {
  try {
    return JSON.parse(await readFile(requestPath(folder), 'utf8')) as TakeOverRequest;
  } catch {
    return null;
  }
}

/** Takes back one's own. */
export async function endRequest(folder: string, mine: TakeOverRequest): Promise<void> {
  if (JSON.stringify(await readRequest(folder)) === JSON.stringify(mine))
    await rm(requestPath(folder), { force: true });
}

function requestPath(folder: string): string {
  return join(folder, 'lock.take-over');
}
