import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { actionCatalogue } from '../../actions/registry.ts';
import { nearest } from '../../playbook/nearest.ts';
import { parsePlaybook } from '../../playbook/parse.ts';
import type { Playbook, Problem } from '../../playbook/playbook.ts';
import { MAX_LENGTH } from '../../playbook/source.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { UserError } from '../../text/user-error.ts';
import { shippedPlaybooks } from '../surroundings.ts';

/** A file that was read and understood as far as it could be. */
export interface LoadedPlaybook {
  readonly path: string;
  readonly text: string;
  readonly playbook: Playbook | null;
  readonly problems: readonly Problem[];
}

/**
 * A path, or the name of a playbook that came with the program, as a path.
 * @throws UserError `no-such-playbook` for a name that is none of them.
 */
export async function playbookPath(nameOrPath: string, folder = shippedPlaybooks()): Promise<string> {
  if (nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  const names = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file));
  const found = names.find((file) => stemOf(file) === nameOrPath);
  if (found !== undefined) return join(folder, found);
  const meant = nearest(nameOrPath, names.map(stemOf));
  throw new UserError('no-such-playbook', `There is no playbook "${nameOrPath}".`, {
    hint:
      meant === null
        ? '`tourniquet playbook list` shows those that there are; a file of your own is given with its path.'
        : `Did you mean ${meant}?`,
  });
}

/**
 * Reads and parses a playbook file, right or wrong. Bytes that are not UTF-8 are a problem with a place, not
 * question marks; no more is read than a playbook may have.
 * @throws UserError `no-such-playbook` if it cannot be read.
 */
export async function loadPlaybook(path: string): Promise<LoadedPlaybook> {
  const text = decodeHostBytes(await readBounded(path));
  return { path, text, ...parsePlaybook(text, path, actionCatalogue) };
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    // A named pipe would make opening it wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(MAX_LENGTH * 4 + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new UserError(
      'no-such-playbook',
      `The playbook ${path} cannot be read: ${REASONS[code] ?? String(cause)}.`,
      {
        hint: '`tourniquet playbook list` shows those that come with it.',
        cause,
      },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EAGAIN: 'it is a pipe that nobody writes to',
};

/** Paths of all playbooks in a folder, in the order of their names. */
export async function playbookFiles(folder = shippedPlaybooks()): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The name that `run` finds a playbook by. */
export function stemOf(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '');
}
