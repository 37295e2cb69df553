import { constants } from 'node:fs';
import { access, lstat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes } from '../../text/format.ts';
import type { Check } from './doctor-check.ts';

/** Evidence of a busy miner is a few hundred MiB; below this the disk may be full in the middle of it. */
const LITTLE_BYTES = 1024 ** 3;

/** Whether incidents can be kept where they are to be kept, by nobody else's leave. Creates nothing. */
export async function checkIncidentsFolder(folder: string): Promise<Check> {
  const name = 'incidents';
  const exists = await lstat(folder).catch(() => null);
  const where = exists === null ? await nearestFolder(folder) : folder;
  const problem = exists === null ? null : whyNotOurs(folder, exists);
  if (problem !== null) {
    return {
      ...{ name, status: 'missing', isNeeded: true, detail: `${folder}: ${problem}` },
      meaning: 'Evidence and journal would not be safe there, so that no incident can be opened.',
      remedy: `chown ${process.geteuid?.() ?? 0} '${folder}' && chmod 700 '${folder}', or another folder (--incident-dir).`,
    };
  }
  try {
    await access(where, constants.W_OK | constants.X_OK);
  } catch {
    return {
      ...{ name, status: 'missing', isNeeded: true, detail: `${folder}: ${where} cannot be written to` },
      meaning: 'No incident can be opened.',
      remedy: 'Give a folder of your own with --incident-dir.',
    };
  }
  const { bavail, bsize } = await statfs(where);
  const free = bavail * bsize;
  const detail = `${folder}${exists === null ? ' (will be made)' : ''}, ${formatBytes(free)} free`;
  if (free >= LITTLE_BYTES) return { name, status: 'ok', detail, meaning: '', remedy: null, isNeeded: true };
  return {
    ...{ name, status: 'missing', detail, isNeeded: false },
    meaning: 'That is little for evidence: processes and files are copied before they are touched.',
    remedy: 'Make room, or give a folder on another file system with --incident-dir.',
  };
}

function whyNotOurs(folder: string, status: Awaited<ReturnType<typeof lstat>>): string | null {
  if (!status.isDirectory()) return 'not a folder';
  if (Number(status.uid) !== process.geteuid?.()) return `belongs to uid ${status.uid}`;
  const mode = Number(status.mode) & 0o777;
  return (mode & 0o077) === 0 ? null : `open to others (mode ${mode.toString(8)}) at ${folder}`;
}

async function nearestFolder(folder: string): Promise<string> {
  const parent = dirname(folder);
  if (parent === folder) return folder;
  const isThere = await lstat(parent).then(
    () => true,
    () => false,
  );
  return isThere ? parent : nearestFolder(parent);
}
