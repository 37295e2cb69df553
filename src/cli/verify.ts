import { findIncidentFolder } from '../journal/folder.ts';
import { verifyIncident } from '../journal/verify-incident.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** `tourniquet verify INCIDENT`: is it what was written? Names the first thing that does not fit, and all others. */
export async function verifyVerb(context: CliContext, name: string): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const check = await verifyIncident(folder);
  if (context.json) {
    context.stdout.write(`${safeJson({ folder: folder.path, ...check }, 2)}\n`);
  } else {
    for (const fault of check.faults)
      context.stdout.write(`${printable(`${fault.where}: ${fault.message}`)}\n`);
    const what = `${check.records} records, ${check.files} files`;
    context.stdout.write(
      check.faults.length === 0 ? `whole: ${what}, head ${check.head}\n` : `not whole: ${what}\n`,
    );
  }
  return check.faults.length === 0 ? EXIT.done : EXIT.unfinished;
}
