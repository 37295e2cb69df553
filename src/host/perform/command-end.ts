import { readdirSync } from 'node:fs';
import { readProcess } from '../process-identity.ts';
import { type CommandSession, readSession } from './command-session.ts';
import { sendSignal, waitFor } from './process-target.ts';

/** Ends it with all that is in its session and process group: SIGTERM, and after `graceMs` SIGKILL. */
export async function endSession(session: CommandSession, graceMs: number): Promise<void> {
  const state = readSession(session);
  if (state.status !== 'running') return;
  signalMembers(state.pid, 'SIGTERM');
  if (
    await waitFor(
      () => readSession(session).status !== 'running' && membersOf(state.pid).length === 0,
      graceMs,
    )
  )
    return;
  // First those below: then the wrapper can still write down how the command ended.
  await waitFor(() => {
    signalMembers(state.pid, 'SIGKILL');
    return membersOf(state.pid).length === 0;
  }, 2_000);
  if (await waitFor(() => readSession(session).status !== 'running', 1_000)) return;
  if (readSession(session).status === 'running') sendSignal(state.pid, 'SIGKILL');
}

/** Those in the session or the process group, but for the wrapper itself. */
function membersOf(leader: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== leader)
    .map(Number)
    .filter((pid) => {
      const process = readProcess(pid);
      return (
        process !== null &&
        process.state !== 'Z' &&
        (process.sessionId === leader || process.groupId === leader)
      );
    });
}

function signalMembers(leader: number, signal: NodeJS.Signals): void {
  for (const pid of membersOf(leader)) sendSignal(pid, signal);
}
