import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { JsonValue } from '../playbook/playbook.ts';
import { UserError } from '../text/user-error.ts';

/** Where the parts of an incident lie; see FORMAT.md. */
export interface IncidentFolder {
  readonly path: string;
  readonly journal: string;
  readonly playbook: string;
  /** How the host is reached. */
  readonly transport: string;
  readonly output: string;
  readonly evidence: string;
  readonly quarantine: string;
  /** Texts of the responder's own rules. */
  readonly rules: string;
  /** What the placeholders of redacted transcripts stand for; never handed over. */
  readonly names: string;
}

export function incidentFolder(path: string): IncidentFolder {
  return {
    path,
    journal: join(path, 'journal.jsonl'),
    playbook: join(path, 'playbook.yaml'),
    transport: join(path, 'host.json'),
    output: join(path, 'output'),
    evidence: join(path, 'evidence'),
    quarantine: join(path, 'quarantine'),
    rules: join(path, 'rules'),
    names: join(path, 'redacted-names.json'),
  };
}

/** `web-07-20261123-041209`: sorts by host, then time. Characters that do not belong in a file name become dashes. */
export function incidentId(hostname: string, at: Date): string {
  const host =
    hostname
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 63) || 'host';
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${host}-${stamp}`;
}

/** Makes the folder aside; `finish` puts it in place once its first record is on the disk. */
export async function draftFolder(
  root: string,
  id: string,
  playbookText: string,
  transport: JsonValue,
): Promise<{ readonly draft: IncidentFolder; finish(): Promise<IncidentFolder>; discard(): Promise<void> }> {
  await makePrivate(root);
  const draft = incidentFolder(join(root, `.new-${id}-${process.pid}`));
  await mkdir(draft.path, { mode: 0o700 });
  for (const part of [draft.output, draft.evidence, draft.quarantine]) await mkdir(part, { mode: 0o700 });
  await writeFile(draft.playbook, playbookText, { mode: 0o600, flag: 'wx' });
  await writeFile(draft.transport, JSON.stringify(transport), { mode: 0o600, flag: 'wx' });
  return {
    draft,
    async finish() {
      const final = incidentFolder(join(root, id));
      await syncFolder(draft.path);
      await rename(draft.path, final.path);
      await syncFolder(root);
      return final;
    },
    discard: () => rm(draft.path, { recursive: true, force: true }),
  };
}

/**
 * Incident folders below `root`, newest journal first, then those that cannot be entered. Folders that hold no journal are
 * not incidents. @throws UserError `folder-unreadable`: that nothing can be seen does not mean that there is nothing.
 */
export async function listIncidentFolders(root: string): Promise<readonly IncidentFolder[]> {
  const names = await readdir(root).catch(noneIfMissing(root));
  const found: { folder: IncidentFolder; mtimeMs: number }[] = [];
  for (const name of (names ?? []).filter((candidate) => !candidate.startsWith('.'))) {
    const folder = incidentFolder(join(root, name));
    const journal = await stat(folder.journal).catch((error: NodeJS.ErrnoException) => error);
    if (journal instanceof Error) {
      if (!isMissing(journal)) found.push({ folder, mtimeMs: 0 });
    } else if (journal.isFile()) found.push({ folder, mtimeMs: journal.mtimeMs });
  }
  return found.sort((a, b) => b.mtimeMs - a.mtimeMs).map((entry) => entry.folder);
}

/** By name below `root`, or by path. @throws UserError `no-such-incident`, `folder-unreadable`. */
export async function findIncidentFolder(root: string, nameOrPath: string): Promise<IncidentFolder> {
  for (const path of [join(root, nameOrPath), nameOrPath]) {
    const folder = incidentFolder(path);
    if (await stat(folder.journal).catch(noneIfMissing(path))) return folder;
  }
  const near = await beginningWith(root, nameOrPath);
  throw new UserError('no-such-incident', `There is no incident "${nameOrPath}" in ${root}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : '`tourniquet incidents` lists them; --incident-dir looks in another folder.',
  });
}

/** A name that was typed in part is not guessed: what is done to an incident is meant for that one. Three at most. */
async function beginningWith(root: string, name: string): Promise<readonly string[]> {
  const names = name === '' || name.includes('/') ? [] : await readdir(root).catch(() => []);
  return names.filter((each) => each.startsWith(name)).slice(0, 3);
}

function noneIfMissing(path: string): (error: NodeJS.ErrnoException) => null {
  return (cause) => {
    if (isMissing(cause)) return null;
    throw new UserError('folder-unreadable', `What is in ${path} cannot be read: ${cause.message}`, {
      hint: 'Look again as the account that began the incident (sudo tourniquet … for root).',
      cause,
    });
  };
}

function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

/** How the incident's host is reached, as given to `draftFolder`. */
export async function readTransport(folder: IncidentFolder): Promise<JsonValue> {
  return JSON.parse(await readFile(folder.transport, 'utf8')) as JsonValue;
}

/**
 * A folder that only its owner can enter, made with all its parents. It holds malware and what it stole.
 * @throws UserError `folder-open-to-others` if it exists and others could write to it, or it is somebody else's;
 * `folder-unwritable` if it cannot be made.
 */
export async function makePrivate(path: string): Promise<void> {
  try {
    await makeFolders(resolve(path));
  } catch (cause) {
    throw new UserError(
      'folder-unwritable',
      `The incident folder ${path} cannot be made: ${(cause as Error).message}`,
      {
        hint: 'Name another with --incident-dir, on a file system that can be written.',
        cause,
      },
    );
  }
  const info = await lstat(path);
  const refuse = (why: string, hint: string): never => {
    throw new UserError('folder-open-to-others', `${why}, so an incident is not kept there.`, { hint });
  };
  const another = 'name another with --incident-dir.';
  if (!info.isDirectory()) refuse(`${path} is no folder`, `Give the folder itself, or ${another}`);
  if (info.uid !== (process.getuid?.() ?? info.uid))
    refuse(
      `${path} belongs to another account`,
      `Begin as that account (sudo tourniquet … for root), or ${another}`,
    );
  if ((info.mode & 0o022) !== 0)
    refuse(`Others can write to ${path}`, `Make it yours alone (chmod 700 ${path}), or ${another}`);
  await chmod(path, 0o700);
}

/** Not Node's own `recursive`: that never returns where a folder cannot be made though its parent is there (/proc). */
async function makeFolders(path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** A rename or a new name is only certain once its folder is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
