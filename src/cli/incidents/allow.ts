import { stringify } from 'yaml';
import { fold } from '../../engine/reduce.ts';
import type { AllowEntry } from '../../findings/allow.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `tourniquet allow INCIDENT`: what was declared ours, in the form that `--allow` reads. */
export async function allowVerb(context: CliContext, name: string): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const incident = fold((await readJournal(folder.journal)).records);
  const items = incident.declarations.map(({ entry, reason }) => ({ ...itemOf(entry), because: reason }));
  if (items.length === 0) {
    context.stderr.write('tourniquet: nothing was declared ours in this incident.\n');
    return EXIT.done;
  }
  context.stdout.write(
    `# Declared ours in ${incident.id}\n${stringify({ allow: items }, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`,
  );
  return EXIT.done;
}

function itemOf(entry: AllowEntry): Readonly<Record<string, string>> {
  switch (entry.kind) {
    case 'file':
      return { file: entry.path, sha256: entry.sha256 };
    case 'line':
      return { file: entry.path, line: entry.line };
    case 'key':
      return { key: entry.fingerprint };
    default: {
      const { kind, ...rest } = entry;
      return rest;
    }
  }
}
