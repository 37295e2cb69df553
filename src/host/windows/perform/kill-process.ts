import { z } from 'zod';
import { done, failed, ready, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { gone, keepProcess, processStates, stillThere, whyProtected } from './process.ts';

const ended = z.object({ status: z.string() });

/** Ends a process by a handle that was compared; its program is kept first. */
export const killProcess: WindowsPerformer<'kill-process'> = {
  async prepare({ id, process, memoryBytes }, context) {
    const seen = stillThere(await processStates(context.session, [process.pid]), process);
    if (seen === undefined) return gone(process);
    const refusal = whyProtected(seen, context.facts);
    if (refusal !== null) return refusal;
    const kept = await keepProcess(context, id, seen, memoryBytes);
    return ready(
      { kind: 'kill-process', pid: process.pid, created: process.startTicks, service: seen.service },
      kept,
    );
  },
  async perform({ process }, receipt, { session }) {
    const parameters = { Id: process.pid, Created: process.startTicks };
    const [row] = await call(session, 'stop-process', parameters, ended);
    switch (row?.status) {
      case 'done':
        return done(receipt, `${process.name} (${process.pid}) was ended`);
      case 'gone':
      case 'another':
        return done(receipt, `${process.name} (${process.pid}) had ended by itself`);
      default:
        return failed(
          receipt,
          `${process.name} (${process.pid}) was told to end and is still there: look again.`,
        );
    }
  },
  async verify({ process }, _receipt, session) {
    return stillThere(await processStates(session, [process.pid]), process) === undefined
      ? verified('holds', `${process.name} (${process.pid}) is gone`)
      : verified('does-not-hold', `${process.name} (${process.pid}) still runs`);
  },
  async undo(_operation, receipt) {
    return failed(receipt, 'An ended process does not come back. What it was is in the evidence.');
  },
};
