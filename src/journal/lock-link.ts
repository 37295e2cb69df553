import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../text/user-error.ts';
import { holderText, isAlive, type LockRecord, readRecord } from './lock-record.ts';

/** How long an append of somebody else may take. A disk can be slow; a stopped process never ends. */
const MOST_APPEND_MS = 10_000;

/** False if the name is taken. link(2) fails then, on every file system; it is the whole exclusion. */
export async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A dead holder's lock is moved away and looked at again there, lest a fresh one was hit in between. */
export async function setAside(path: string, expected: LockRecord | null): Promise<void> {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => '');
  if (expected !== null && moved !== JSON.stringify(expected)) await tryLink(aside, path);
  await rm(aside, { force: true });
}

/**
 * Makes `<path>.append` a second name of the file `from`, waiting for whoever has it. Resolves to how to leave.
 * @throws UserError `incident-locked` if somebody alive keeps it; `taken-over` if `from` is gone.
 */
export async function enterAppend(
  from: string,
  path: string,
  mine: LockRecord,
): Promise<() => Promise<void>> {
  const name = `${path}.append`;
  const endAt = performance.now() + MOST_APPEND_MS;
  for (;;) {
    try {
      if (await tryLink(from, name)) return () => rm(name, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new UserError('taken-over', "The incident's lock is gone. Nothing more is done here.", {
        hint: '`tourniquet resume` takes it up again, or follows whoever has.',
      });
    }
    const other = await readRecord(name);
    if (other !== null && !(await isAlive(other, mine))) {
      await setAside(name, other);
      continue;
    }
    if (performance.now() > endAt) throw stuck(name, other);
    await pause(2);
  }
}

function stuck(name: string, other: LockRecord | null): UserError {
  const who = other === null ? 'Somebody' : holderText(other);
  return new UserError('incident-locked', `${who} is in the middle of a record and does not end it.`, {
    hint: `It may be stopped, or its disk hangs: end that process, then try again. On another machine that is gone: remove ${name}.`,
  });
}
