import type { Incident } from '../../engine/incident.ts';
import { fold } from '../../engine/reduce.ts';
import { markOf, shortResult } from '../../engine/select.ts';
import { checkpointPhrase } from '../../journal/checkpoint.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { describeOperation } from '../../operations/describe.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `tourniquet show INCIDENT`: where it stands, read-only, also while somebody is at it. */
export async function showVerb(context: CliContext, name: string): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const { records, head, altered, tornBytes } = await readJournal(folder.journal);
  const incident = fold(records);
  if (context.json) {
    const journal = { records: records.length, head, words: checkpointPhrase(head), altered, tornBytes };
    context.stdout.write(`${safeJson({ folder: folder.path, journal, incident }, 2)}\n`);
  } else {
    context.stdout.write(`${checklistText(incident, context.ascii).join('\n')}\n`);
    context.stdout.write(
      `\njournal  ${records.length} records, head ${head.slice(0, 16)}  ${printable(folder.path)}\n` +
        `checkpoint  ${checkpointPhrase(head)}\n`,
    );
  }
  if (altered) {
    context.stderr.write(
      `tourniquet: record ${altered.seq} of the journal was altered (${altered.reason}); shown is what is before it\n`,
    );
    return EXIT.unavailable;
  }
  return EXIT.done;
}

function checklistText(incident: Incident, ascii: boolean): string[] {
  const { host, playbook } = incident;
  const lines = [
    `${playbook.title}  ·  ${host.hostname}  ·  ${host.distribution}  ·  ${incident.id}`,
    `opened ${incident.openedAt}${incident.closedAt ? `, closed ${incident.closedAt}` : ''}`,
    '',
  ];
  for (const step of incident.steps) {
    const mark = markOf(step, incident);
    lines.push(
      `${ascii ? mark.ascii : mark.sign} ${step.definition.title.padEnd(36)} ${shortResult(step, incident)}`,
    );
    if (step.reason) lines.push(`    ${step.reason}`);
    for (const state of step.operations) {
      lines.push(`    ${state.status.padEnd(10)} ${describeOperation(state.operation).title}`);
    }
  }
  for (const note of incident.notes) lines.push('', `note ${note.at} ${note.by}: ${note.text}`);
  return lines.map((line) => printable(line));
}
