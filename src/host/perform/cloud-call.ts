import { failed, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';

const NOT_HERE =
  'A call of a cloud’s API is made where the responder is, never on the host: whoever is root there would see the credentials.';

/** What a host does when it is asked for one: nothing (cloud/responder-side.ts makes the call). */
export const cloudCall: OperationPerformer<'cloud-call'> = {
  prepare: async () => refused('invalid', NOT_HERE),
  perform: async (_operation, receipt) => failed(receipt, NOT_HERE),
  verify: async () => verified('unknown', NOT_HERE),
  undo: async (_operation, receipt) => failed(receipt, NOT_HERE),
};
