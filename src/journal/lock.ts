import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../text/user-error.ts';
import { enterAppend, setAside, tryLink } from './lock-link.ts';
import { holderText, isAlive, type LockRecord, ownProcess, readLock, readRecord } from './lock-record.ts';
import { askToGo, endRequest, readRequest, type TakeOverRequest } from './take-over-request.ts';

/**
 * Who may write to an incident. The rules:
 *  - `lock` is made by link(2): only one can have it. It names its holder.
 *  - `lock.append` is made by link(2) for the time of one append, or of one forced change of hands: nobody can
 *    take the lock away between the holder's check that it is still its own and the record that it then writes.
 *  - Whoever wants the lock of somebody alive asks with `lock.take-over`, and only if that is not answered in time
 *    puts its own in place of it. The other finds out before its next record, and writes nothing.
 */
export interface Lock {
  /** Runs an append while nobody can take the lock. @throws UserError `taken-over` if somebody has. */
  guard<T>(append: () => Promise<T>): Promise<T>;
  /** Calls once when somebody asks for the lock, or has taken it. Returns how to stop that. */
  onWanted(listener: (wanted: Wanted) => void): () => void;
  /** From whom it was taken while they were alive; null if it was free. */
  readonly takenFrom: TakenFrom | null;
  release(): Promise<void>;
}

export interface Wanted {
  readonly by: string;
  readonly reason: string;
}

export interface TakenFrom {
  readonly holder: LockRecord;
  /** They did not let go when asked. */
  readonly wasForced: boolean;
}

export interface TakeOver {
  readonly reason: string;
  /** How long the holder is given to let go; long enough for the operation in hand. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 250;

/**
 * Takes the incident's lock. A lock whose process is gone (or from before the last boot of this machine) is taken
 * at once; that of somebody alive only with `takeOver`.
 * @throws UserError `incident-locked` when somebody alive holds it.
 */
export async function takeLock(
  folder: string,
  mine: Pick<LockRecord, 'hostname' | 'responder' | 'at'>,
  takeOver?: TakeOver,
): Promise<Lock> {
  const path = join(folder, 'lock');
  const record: LockRecord = { ...mine, ...(await ownProcess()) };
  const draft = `${path}.${record.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await tryLink(draft, path)) return heldLock(folder, record, null);
      const holder = await readLock(folder);
      if (holder === null || !(await isAlive(holder, record))) await setAside(path, holder);
      else if (takeOver === undefined) throw locked(folder, holder);
      else {
        const taken = await takeFrom(folder, draft, holder, { record, ...takeOver });
        if (taken) return heldLock(folder, record, taken);
      }
    }
    throw new UserError(
      'incident-locked',
      "The incident's lock keeps changing hands, so it was not opened.",
      { hint: 'Try again.' },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** Asks for it, waits, and takes it if that was of no use. null: somebody else has it by now. */
async function takeFrom(
  folder: string,
  draft: string,
  holder: LockRecord,
  { record, reason, patienceMs = PATIENCE_MS }: TakeOver & { readonly record: LockRecord },
): Promise<TakenFrom | null> {
  const path = join(folder, 'lock');
  const request: TakeOverRequest = { from: holder, by: record, reason };
  await askToGo(folder, request);
  try {
    const endAt = performance.now() + patienceMs;
    while (performance.now() < endAt) {
      if (await tryLink(draft, path)) return { holder, wasForced: false };
      if (!isSame(await readLock(folder), holder)) return null;
      if (!(await isAlive(holder, record))) return null;
      await pause(50);
    }
    const leave = await enterAppend(draft, path, record);
    try {
      // Its holder can only let go of it under the same guard, so it cannot change between these two.
      if (!isSame(await readLock(folder), holder)) return null;
      const second = `${draft}.forced`;
      await writeFile(second, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
      await rename(second, path);
      return { holder, wasForced: true };
    } finally {
      await leave();
    }
  } finally {
    await endRequest(folder, request);
  }
}

function heldLock(folder: string, record: LockRecord, takenFrom: TakenFrom | null): Lock {
  const path = join(folder, 'lock');
  const guard = async <T>(append: () => Promise<T>): Promise<T> => {
    const leave = await enterAppend(path, path, record);
    try {
      const holder = await readRecord(`${path}.append`);
      if (!isSame(holder, record)) throw takenOver(folder, holder, await readRequest(folder));
      return await append();
    } finally {
      await leave();
    }
  };
  return {
    guard,
    takenFrom,
    onWanted(listener) {
      const timer = setInterval(async () => {
        const [holder, request] = [await readLock(folder), await readRequest(folder)];
        const isMine = isSame(holder, record);
        const isAsked = request !== null && isSame(request.from, record);
        if (!(isAsked || (holder !== null && !isMine))) return;
        clearInterval(timer);
        if (isAsked) listener({ by: request.by.responder, reason: request.reason });
        else if (holder) listener({ by: holder.responder, reason: 'it had not let go when it was asked' });
      }, LOOK_EVERY_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
    async release() {
      // Taken over or gone: then there is nothing of ours to let go of.
      await guard(() => rm(path, { force: true })).catch(() => undefined);
    },
  };
}

function isSame(a: LockRecord | null, b: LockRecord | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function takenOver(folder: string, holder: LockRecord | null, request: TakeOverRequest | null): UserError {
  const who = holder === null ? 'somebody' : holderText(holder);
  const reason = request === null ? '' : ` (${request.reason})`;
  return new UserError(
    'taken-over',
    `The incident was taken over by ${who}${reason}. Nothing more is done here.`,
    {
      hint: `\`tourniquet resume ${basename(folder)}\` follows it, read-only.`,
    },
  );
}

function locked(folder: string, holder: LockRecord): UserError {
  return new UserError('incident-locked', `The incident is in the hands of ${holderText(holder)}.`, {
    hint: `Wait until they leave it, or take it over: \`tourniquet resume ${basename(folder)} --take-over REASON\`.`,
  });
}
