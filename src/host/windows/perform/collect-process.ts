import { done, ready, verified } from '../../perform/outcome.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { gone, keepProcess, processStates, stillThere } from './process.ts';

/** Keeps what is known of a process, and its program. Its memory is not kept on Windows. */
export const collectProcess: WindowsPerformer<'collect-process'> = {
  async prepare({ id, process }, { session, evidence }) {
    const seen = stillThere(await processStates(session, [process.pid]), process);
    if (seen === undefined) return gone(process);
    const kept = await keepProcess(session, evidence, id, seen);
    return ready({ kind: 'collect-process', files: kept.length }, kept);
  },
  async perform({ process }, receipt) {
    return done(receipt, `${process.name} (${process.pid}) is kept`);
  },
  async verify() {
    return verified('holds', 'It lies in the evidence; `tourniquet verify` holds it against its hash');
  },
  async undo(_operation, receipt) {
    return done(receipt, 'It changed nothing on the host: there is nothing to undo');
  },
};
