import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentFolder } from './folder.ts';

/** A line of `custody.jsonl`: an incident that was bundled or came in by a bundle. */
export interface CustodyEntry {
  readonly at: string;
  readonly from: string;
  /** Null: not said. */
  readonly to: string | null;
  readonly what: 'taken-over' | 'bundled' | 'imported';
  readonly detail: string;
}

/** Where an incident went and came from after it was worked on; oldest first. */
export async function readCustody(folder: IncidentFolder): Promise<readonly CustodyEntry[]> {
  const text = await readPrivate(join(folder.path, 'custody.jsonl'));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CustodyEntry);
}

export async function addCustody(folder: IncidentFolder, entry: CustodyEntry): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await open(join(folder.path, 'custody.jsonl'), flags, 0o600);
  try {
    await file.writeFile(`${JSON.stringify(entry)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whose bundle an incident is from; null for one of this machine's own. It is read, and never written to. */
export async function readImported(folder: IncidentFolder): Promise<CustodyEntry | null> {
  return (await readCustody(folder)).findLast(({ what }) => what === 'imported') ?? null;
}

async function readPrivate(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  if (file === null) return '';
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
