import { fold } from '../../engine/reduce.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { safeJson } from '../../text/json.ts';
import { UserError } from '../../text/user-error.ts';
import { compareIncidents, renderComparison } from '../../transcript/compare.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `tourniquet report --compare A B …`: what can be learned from several incidents. */
export async function reportVerb(context: CliContext, names: readonly string[]): Promise<ExitCode> {
  if (names.length < 2) {
    throw new UserError('usage', 'Comparing takes two incidents or more.', {
      hint: '`tourniquet incidents` lists them.',
    });
  }
  const read = await Promise.all(
    names.map(async (name) => {
      const { records } = await readJournal((await findIncidentFolder(context.root, name)).journal);
      return { incident: fold(records), records };
    }),
  );
  const comparison = compareIncidents(read);
  context.stdout.write(context.json ? `${safeJson(comparison, 2)}\n` : renderComparison(comparison));
  return EXIT.done;
}
