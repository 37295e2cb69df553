import { z } from 'zod';
import { programsIn, samePath } from '../../../findings/windows/windows-paths.ts';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { whyNotThisFile } from './file.ts';

const state = z.object({
  name: z.string(),
  pathName: z.string(),
  library: z.string(),
  startMode: z.string(),
  state: z.string(),
  pid: z.number().int(),
});
const named = z.object({ name: z.string() });

/** Stops a service and keeps it from being started. */
export const disableUnit: WindowsPerformer<'disable-unit'> = {
  async prepare({ unit, file }, context) {
    const seen = await serviceState(context.session, unit);
    if (seen === undefined) return refused('stale', `There is no service ${unit} any more: look again.`);
    if (seen.pid !== 0 && context.facts.responder.protectedPids.includes(seen.pid))
      return refused('responder', `Your own session hangs on the service ${unit}.`);
    const starts = programsIn(`${seen.pathName}\n${seen.library}`).map(samePath);
    if (!starts.includes(samePath(file.path)))
      return refused('stale', `The service ${unit} does not start ${file.path} any more: look again.`);
    const refusal = await whyNotThisFile(file, context);
    if (refusal !== null) return refusal;
    return ready({
      kind: 'disable-unit',
      pathName: seen.pathName,
      startMode: seen.startMode,
      state: seen.state,
    });
  },
  async perform({ unit }, receipt, { session }) {
    await call(session, 'set-service', { Name: unit, StartupType: 'Disabled', Run: false }, named);
    return done(receipt, `The service ${unit} is stopped, and nothing starts it`);
  },
  async verify({ unit }, _receipt, session) {
    const seen = await serviceState(session, unit);
    if (seen === undefined) return verified('holds', `There is no service ${unit}`);
    return seen.startMode === 'Disabled' && seen.state === 'Stopped'
      ? verified('holds', `${unit} is stopped and disabled`)
      : verified('does-not-hold', `${unit} is ${seen.state}, and starts: ${seen.startMode}`);
  },
  async undo({ unit }, receipt, { session }) {
    const mode = STARTUP_TYPES[String(receipt.startMode)] ?? 'Manual';
    await call(
      session,
      'set-service',
      { Name: unit, StartupType: mode, Run: receipt.state === 'Running' },
      named,
    );
    return done(receipt, `The service ${unit} is set and runs as before`);
  },
};

/** What Win32_Service calls Auto, Set-Service calls Automatic. */
const STARTUP_TYPES: Readonly<Record<string, string>> = {
  Auto: 'Automatic',
  Manual: 'Manual',
  Disabled: 'Disabled',
};

async function serviceState(session: PowerShellSession, name: string) {
  const [row] = await call(session, 'service-state', { Name: name }, state);
  return row;
}
