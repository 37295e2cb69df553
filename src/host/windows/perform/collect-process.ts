import { done, ready, verified } from '../../perform/outcome.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { gone, keepProcess, processStates, stillThere } from './process.ts';

/** Keeps what is known of a process, its program, and its memory up to so many bytes. */
export const collectProcess: WindowsPerformer<'collect-process'> = {
  async prepare({ id, process, memoryBytes }, context) {
    const seen = stillThere(await processStates(context.session, [process.pid]), process);
    if (seen === undefined) return gone(process);
    const kept = await keepProcess(context, id, seen, memoryBytes);
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
