import { setTimeout as pause } from 'node:timers/promises';
import type { ChangeReport, ChangeSign } from '../../findings/change-sign.ts';
import type { ChangeRequest, ScanContext } from '../host.ts';
import { ask } from './ask.ts';
import type { PowerShellSession } from './powershell-session.ts';

const MOST_SIGNS = 300;
/** Above the waiting itself: PowerShell compiles, and gathers what comes together. */
const ANSWERS_WITHIN_MS = 30_000;
/** What Windows and our own questions start again and again. */
const ORDINARY =
  /^(?:wmiprvse|conhost|svchost|dllhost|backgroundtaskhost|taskhostw|searchprotocolhost|powershell)\.exe$/i;
/** Folders that Windows tells of, and the starts of processes. */
const NOTICED = 4;

/**
 * Waits for a sign: a program by a name that was not started before since the watching began, or a file where things start
 * from. Where Windows does not tell of changes the time passes, and the next look is due. `seen` is kept between calls.
 */
export async function awaitWindowsChange(
  session: PowerShellSession,
  request: ChangeRequest,
  { signal }: Pick<ScanContext, 'signal'>,
  seen: Set<string>,
): Promise<ChangeReport> {
  const waitMs = Math.min(request.waitMs, request.everyMs);
  const answer = await ask(
    session,
    'scan/await-change',
    { WaitSeconds: Math.max(1, Math.round(waitMs / 1000)) },
    { timeoutMs: waitMs + ANSWERS_WITHIN_MS, signal },
  );
  if (answer.status === 'unanswered') {
    await pause(waitMs, undefined, signal ? { signal } : {}).catch(() => {});
    return { signs: [], cpuMs: 0, noticed: 0, polled: 0 };
  }
  const signs = answer.rows.flatMap(({ kind, pid, name, path }): ChangeSign[] => {
    if (kind === 'file') return [{ kind, path }];
    const key = name.toLowerCase();
    if (seen.has(key) || ORDINARY.test(name)) return [];
    seen.add(key);
    return [{ kind, pid, name }];
  });
  return { signs: signs.slice(0, MOST_SIGNS), cpuMs: 0, noticed: NOTICED, polled: 0 };
}
