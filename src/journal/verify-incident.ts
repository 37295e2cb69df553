import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type CheckpointPlace, findCheckpoint } from './checkpoint.ts';
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
  // A file that was written again (a retry, a resumed command) is vouched for by the last record that names it.
  const expected = new Map<string, string>();
  for (const { event } of records) {
    if (event.kind === 'incident-opened') expected.set(folder.playbook, event.playbookSha256);
    if (event.kind === 'operation-finished' && event.output) {
      expected.set(join(folder.output, event.output.name), event.output.sha256);
    }
    if (event.kind === 'shell-closed' && event.recording) {
      expected.set(join(folder.output, event.recording.name), event.recording.sha256);
    }
    const evidence =
      event.kind === 'operation-started'
        ? event.evidence
        : event.kind === 'operation-finished'
          ? event.outcome.evidence
          : [];
    for (const file of evidence) expected.set(join(folder.evidence, file.name), file.sha256);
  }
  for (const [path, sha256] of expected) {
    const found = await hashFile(path);
    if (found === sha256) continue;
    const where = path.slice(folder.path.length + 1);
    if (found === null) faults.push({ code: 'missing-file', where, message: 'it is gone or cannot be read' });
    else if (path === folder.playbook)
      faults.push({ code: 'other-playbook', where, message: 'it is not the playbook that was run' });
    else
      faults.push({
        code: 'altered-file',
        where,
        message: 'its contents are not those that were journalled',
      });
  }
  return { records: records.length, head, files: expected.size, checkpoint, faults };
}

async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
