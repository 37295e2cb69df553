import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointPlace, findCheckpoint } from './checkpoint.ts';
import { expectedFiles, isInside } from './expected-files.ts';
import type { IncidentFolder } from './folder.ts';
import { readJournal } from './read-journal.ts';

export interface IncidentCheck {
  readonly records: number;
  readonly head: string;
  readonly files: number;
  /** Where the phrase that was given stands; null if none was. */
  readonly checkpoint: CheckpointPlace | null;
  /** What does not fit, first things first; empty: everything does. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly code:
    | 'altered-record'
    | 'lost-checkpoint'
    | 'cut-off'
    | 'altered-file'
    | 'missing-file'
    | 'other-playbook';
  readonly where: string;
  readonly message: string;
}

/** Holds the chain, the playbook and every stored file against the journal. Reads only. */
export async function verifyIncident(
  folder: IncidentFolder,
  phrase: string | null = null,
): Promise<IncidentCheck> {
  const { records, hashes, head, tornBytes, altered } = await readJournal(folder.journal);
  const faults: Fault[] = [];
  if (altered) {
    const message = `${altered.reason}; what follows it proves nothing`;
    faults.push({ code: 'altered-record', where: `record ${altered.seq}`, message });
  }
  if (tornBytes > 0) {
    const message = `the last ${tornBytes} bytes are a record that was cut off; resuming drops them`;
    faults.push({ code: 'cut-off', where: 'end of the journal', message });
  }
  const checkpoint = phrase === null ? null : findCheckpoint(hashes, phrase);
  if (checkpoint?.status === 'missing') {
    const message =
      'no record of it has this head: it was cut short, or written anew since the words were read';
    faults.push({ code: 'lost-checkpoint', where: 'checkpoint', message });
  }
  const expected = expectedFiles(records);
  for (const [name, sha256] of expected) {
    if (!isInside(name)) {
      faults.push({ code: 'missing-file', where: name, message: 'it is outside of the incident folder' });
      continue;
    }
    const found = await hashFile(join(folder.path, name));
    if (found === sha256) continue;
    if (found === null)
      faults.push({ code: 'missing-file', where: name, message: 'it is gone or cannot be read' });
    else if (name === PLAYBOOK)
      faults.push({ code: 'other-playbook', where: name, message: 'it is not the playbook that was run' });
    else
      faults.push({
        code: 'altered-file',
        where: name,
        message: 'its contents are not those that were journalled',
      });
  }
  return { records: records.length, head, files: expected.size, checkpoint, faults };
}

const PLAYBOOK = 'playbook.yaml';
/** Large pieces: the hash is fast, and each read costs a trip to another thread. */
const PIECE_BYTES = 1 << 20;

/** Reads the next piece while one is hashed. Null: it cannot be read, or is no plain file. */
async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    let [now, next] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
    let reading = file.read(now, 0, PIECE_BYTES, 0);
    for (let at = 0; ; ) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return hash.digest('hex');
      at += bytesRead;
      reading = file.read(next, 0, PIECE_BYTES, at);
      hash.update(now.subarray(0, bytesRead));
      [now, next] = [next, now];
    }
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
