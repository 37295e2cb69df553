import type { z } from 'zod';
import { callScript } from './ask.ts';
import type { ParameterValue } from './frames.ts';
import type { PowerShellSession } from './powershell-session.ts';

/** A script that an operation needs did not do its work. The message is for the responder. */
export class LostCall extends Error {
  override name = 'LostCall';
}

/**
 * Runs a script of an operation and gives its rows, checked.
 * @throws LostCall if it failed, was lost, or answered what cannot be. Lost on the way to a change, whether that was made
 * is for `verify` to say.
 */
export async function call<S extends z.ZodType>(
  session: PowerShellSession,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>>,
  row: S,
): Promise<readonly z.infer<S>[]> {
  const outcome = await callScript(session, `perform/${name}`, parameters);
  if (outcome.status === 'failed') throw new LostCall(`Windows refused it: ${outcome.message}`);
  if (outcome.status === 'lost')
    throw new LostCall(`${outcome.message} Whether anything was changed by then is not known: verify it.`);
  return outcome.value.map((each) => {
    const checked = row.safeParse(each);
    if (!checked.success) throw new LostCall(`The answer of ${name} cannot be read: nothing was made of it.`);
    return checked.data;
  });
}
