import { failed, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';

const WORDS = 'Only Windows has such an entry: it is done by the host of a Windows machine.';

/** Linux has none of these entries; a plan that names one was not made for this host. */
export const disableEntry: OperationPerformer<'disable-entry'> = {
  async prepare() {
    return refused('invalid', WORDS);
  },
  async perform(_operation, receipt) {
    return failed(receipt, WORDS);
  },
  async verify() {
    return verified('does-not-hold', WORDS);
  },
  async undo(_operation, receipt) {
    return failed(receipt, WORDS);
  },
};
