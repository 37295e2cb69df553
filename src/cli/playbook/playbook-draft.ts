import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { actionCatalogue } from '../../actions/registry.ts';
import { fold } from '../../engine/reduce.ts';
import { isInside } from '../../journal/expected-files.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { parsePlaybook } from '../../playbook/parse.ts';
import { formatProblems } from '../../playbook/problem-text.ts';
import { writeYaml } from '../../playbook/write-playbook.ts';
import { draftName, draftPlaybook } from '../../transcript/draft-playbook.ts';
import { commandsShown } from '../../transcript/shell-commands.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** A recording of a shell is read up to here. */
const MOST_BYTES = 16 * 1024 * 1024;

/** `playbook from-incident INCIDENT`: what was done there, as a draft that passes `playbook check`. */
export async function draftVerb(context: CliContext, name: string): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const { records } = await readJournal(folder.journal);
  const incident = fold(records);
  const shells = await Promise.all(
    incident.shells.map(async ({ id, stepId, recording }) => ({
      shellId: id,
      stepId,
      commands: recording === null ? [] : commandsShown(await recorded(folder.output, recording.name)),
    })),
  );
  const yaml = writeYaml(draftPlaybook(incident, shells));
  context.stdout.write(yaml);
  context.stderr.write(
    `A draft: save it as ${draftName(incident.id)}.yaml, read every step, then \`tourniquet playbook check\`.\n`,
  );
  const { problems } = parsePlaybook(yaml, '', actionCatalogue);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) context.stderr.write(`${formatProblems(errors, yaml, 'the draft')}\n`);
  return errors.length > 0 ? EXIT.unfinished : EXIT.done;
}

async function recorded(output: string, name: string): Promise<string> {
  if (!isInside(name) || name.includes('/')) return '';
  const file = await open(join(output, name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (file === null) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
