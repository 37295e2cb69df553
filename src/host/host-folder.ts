import { lstat, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../text/user-error.ts';

/**
 * The folder on the host where an incident keeps quarantine and long commands; made if it is not there, 0700.
 * root: /var/lib/tourniquet/host/INCIDENT; else $XDG_STATE_HOME (~/.local/state)/tourniquet/host/INCIDENT.
 * Throws UserError if somebody else could have put something there.
 */
export async function hostFolder(incidentId: string, root = defaultRoot()): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/.test(incidentId)) {
    throw new UserError(
      'incident-id',
      `"${incidentId.slice(0, 80)}" cannot be the name of an incident's folder.`,
    );
  }
  const folder = join(root, incidentId);
  await mkdir(root, { recursive: true, mode: 0o700 });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  for (const path of [root, folder]) await insistOnOwn(path);
  return folder;
}

/** Where such folders lie, for whoever runs this. */
export function defaultRoot(): string {
  if (process.geteuid?.() === 0) return '/var/lib/tourniquet/host';
  const state = process.env.XDG_STATE_HOME;
  // XDG Base Directory Specification: a relative path is to be ignored.
  return join(state && isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'tourniquet', 'host');
}

async function insistOnOwn(path: string): Promise<void> {
  const status = await lstat(path);
  const isOwn = status.isDirectory() && status.uid === process.geteuid?.() && (status.mode & 0o022) === 0;
  if (isOwn) return;
  throw new UserError(
    'host-folder',
    `${path} is not a folder of our own that nobody else can write to, so nothing may be kept there.`,
    { hint: `Look at it (ls -ld ${path}), move it aside, and try again.` },
  );
}
