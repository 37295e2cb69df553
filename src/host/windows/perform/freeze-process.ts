import { z } from 'zod';
import type { ProcessIdentity } from '../../../operations/identity.ts';
import type { FreezeProcess } from '../../../operations/operation.ts';
import type { Receipt } from '../../../operations/receipt.ts';
import { done, failed, ready, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { gone, processStates, stillThere, whyProtected } from './process.ts';

const frozen = z.object({ pid: z.number().int(), status: z.string() });

/** Lets processes stand still, all in one pass. */
export const freezeProcess: WindowsPerformer<'freeze-process'> = {
  async prepare(operation, { session, facts }) {
    const all = allOf(operation);
    const states = await processStates(
      session,
      all.map(({ pid }) => pid),
    );
    for (const process of all) {
      const seen = stillThere(states, process);
      if (seen === undefined) return gone(process);
      const refusal = whyProtected(seen, facts);
      if (refusal !== null) return refusal;
    }
    return ready({
      kind: 'freeze-process',
      // One that stood still before us is not set going again by us.
      ours: all.filter((process) => stillThere(states, process)?.isSuspended === false).map(({ pid }) => pid),
    });
  },
  async perform(operation, receipt, { session }) {
    const all = ours(operation, receipt);
    const rows = await suspend(session, all, false);
    const wrong = rows.filter(({ status }) => !['done', 'gone', 'another'].includes(status));
    return wrong.length === 0
      ? done(receipt, `${names(allOf(operation))} stand still`)
      : failed(
          receipt,
          `Not all could be stopped: ${wrong.map(({ pid, status }) => `${pid} ${status}`).join(', ')}.`,
        );
  },
  async verify(operation, _receipt, session) {
    const all = allOf(operation);
    const states = await processStates(
      session,
      all.map(({ pid }) => pid),
    );
    const running = all.filter((process) => stillThere(states, process)?.isSuspended === false);
    return running.length === 0
      ? verified('holds', 'all of them stand still or are gone')
      : verified('does-not-hold', `${names(running)} run`);
  },
  async undo(operation, receipt, { session }) {
    const rows = await suspend(session, ours(operation, receipt), true);
    const wrong = rows.filter(({ status }) => !['done', 'gone', 'another'].includes(status));
    return wrong.length === 0
      ? done(receipt, 'They go on where they were stopped')
      : failed(
          receipt,
          `Not all could be set going: ${wrong.map(({ pid, status }) => `${pid} ${status}`).join(', ')}.`,
        );
  },
};

function allOf({ process, others = [] }: FreezeProcess): readonly ProcessIdentity[] {
  return [process, ...others];
}

function ours(operation: FreezeProcess, { ours: pids }: Receipt): readonly ProcessIdentity[] {
  return allOf(operation).filter(({ pid }) => Array.isArray(pids) && pids.includes(pid));
}

async function suspend(session: PowerShellSession, all: readonly ProcessIdentity[], resume: boolean) {
  if (all.length === 0) return [];
  const parameters = {
    Id: all.map(({ pid }) => String(pid)),
    Created: all.map(({ startTicks }) => startTicks),
    Resume: resume,
  };
  return call(session, 'suspend-process', parameters, frozen);
}

function names(all: readonly ProcessIdentity[]): string {
  return all.map(({ name, pid }) => `${name} (${pid})`).join(', ');
}
