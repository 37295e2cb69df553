import { stat } from 'node:fs/promises';
import type { Incident } from '../../engine/incident.ts';
import { fold } from '../../engine/reduce.ts';
import { progressOf } from '../../engine/select.ts';
import { readImported } from '../../journal/custody-file.ts';
import { type IncidentFolder, listIncidentFolders } from '../../journal/folder.ts';
import { readLock } from '../../journal/lock-record.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { formatAgo } from '../../text/format.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { elsewhereWords } from '../surroundings.ts';
import { textTable } from '../text-table.ts';
import { type JournalFacts, KnownJournals } from './known-journals.ts';

/** An incident as far as a list needs to know it. */
export interface IncidentRow extends Omit<JournalFacts, 'isAltered' | 'isClosed'> {
  readonly folder: string;
  readonly state: 'open' | 'closed' | 'altered' | 'imported';
  /** Who seems to be at it (the lock file's word; whether they are alive is seen when it is opened). */
  readonly lockedBy: string | null;
}

/** Every incident below the folder, newest first. One that cannot be read at all is left out of the list by name. */
export async function listIncidents(
  root: string,
): Promise<{ readonly rows: readonly IncidentRow[]; readonly unreadable: readonly string[] }> {
  const rows: IncidentRow[] = [];
  const unreadable: string[] = [];
  const known = await KnownJournals.read(root);
  for (const folder of await listIncidentFolders(root)) {
    try {
      rows.push(await readRow(folder, known));
    } catch {
      unreadable.push(folder.path);
    }
  }
  await known.save();
  return { rows, unreadable };
}

async function readRow(folder: IncidentFolder, known: KnownJournals): Promise<IncidentRow> {
  const file = await stat(folder.journal, { bigint: true });
  const { isAltered, isClosed, ...facts } = await known.factsOf(folder.path, file, () => readFacts(folder));
  const lock = await readLock(folder.path);
  const imported = await readImported(folder);
  const state = isAltered ? 'altered' : imported !== null ? 'imported' : isClosed ? 'closed' : 'open';
  return { ...facts, folder: folder.path, state, lockedBy: lock ? lock.responder : null };
}

async function readFacts(folder: IncidentFolder): Promise<JournalFacts> {
  const { records, altered } = await readJournal(folder.journal);
  const incident = fold(records);
  return {
    id: incident.id,
    host: incident.host.hostname,
    playbook: incident.playbook.name,
    isAltered: altered !== null,
    isClosed: incident.closedAt !== null,
    isDrill: incident.host.isDrill,
    ...progressOf(incident),
    stoppedAt: currentTitle(incident),
    openedAt: incident.openedAt,
    lastAt: incident.lastAt,
  };
}

function currentTitle(incident: Incident): string | null {
  return incident.steps.find((step) => step.id === incident.currentStepId)?.definition.title ?? null;
}

/** `tourniquet incidents` */
export async function incidentsVerb(context: CliContext): Promise<ExitCode> {
  const { rows, unreadable } = await listIncidents(context.root);
  if (context.json) {
    context.stdout.write(`${safeJson({ incidents: rows, unreadable }, 2)}\n`);
    return EXIT.done;
  }
  if (rows.length === 0 && unreadable.length === 0) {
    const next = '`tourniquet run` begins one, `tourniquet drill` practises.';
    context.stdout.write(`No incidents in ${context.root}. ${next}${elsewhereWords()}\n`);
  } else if (rows.length > 0) {
    const now = Date.now();
    context.stdout.write(
      textTable(
        ['INCIDENT', 'PLAYBOOK', 'STATE', 'STEPS', 'STOPPED AT', 'LAST'],
        rows.map((row) => [
          row.id,
          row.playbook,
          row.lockedBy ? `${row.state}, ${row.lockedBy} at it` : row.state,
          `${row.finished}/${row.total}`,
          row.stoppedAt ?? 'all finished',
          formatAgo(now - Date.parse(row.lastAt)),
        ]),
      ),
    );
  }
  for (const path of unreadable) context.stderr.write(`tourniquet: cannot be read: ${printable(path)}\n`);
  return unreadable.length > 0 ? EXIT.unavailable : EXIT.done;
}
