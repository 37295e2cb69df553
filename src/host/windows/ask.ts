import type { z } from 'zod';
import { ROWS, type RowName, type RowOf } from './answers.ts';
import type { ParameterValue } from './frames.ts';
import type { CallOutcome, PowerShellSession } from './powershell-session.ts';
import { readScript } from './scripts.ts';

export type Asked<T> =
  | { readonly status: 'answered'; readonly rows: readonly T[]; readonly misshapen: number }
  | { readonly status: 'unanswered'; readonly reason: string; readonly category: string };

interface AskOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs one of our scripts and checks the rows that it answers. */
export async function ask<N extends RowName>(
  session: PowerShellSession,
  name: N,
  parameters: Readonly<Record<string, ParameterValue>>,
  options: AskOptions = {},
): Promise<Asked<RowOf<N>>> {
  const outcome = await callScript(session, name, parameters, options);
  if (outcome.status !== 'answered')
    return {
      status: 'unanswered',
      reason: outcome.message,
      category: outcome.status === 'failed' ? outcome.category : outcome.reason,
    };
  const schema: z.ZodType = ROWS[name];
  const checked = outcome.value.map((row) => schema.safeParse(row));
  const rows = checked.flatMap((one) => (one.success ? [one.data as RowOf<N>] : []));
  return { status: 'answered', rows, misshapen: checked.length - rows.length };
}

/** Runs one of our scripts by its name below src/host/windows/. */
export function callScript(
  session: PowerShellSession,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>>,
  { timeoutMs, signal }: AskOptions = {},
): Promise<CallOutcome> {
  return session.call({ name, script: readScript(name), parameters, timeoutMs, signal });
}
