import type { OperationKind } from '../../../operations/operation.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { blockAddress } from './block-address.ts';
import { collectProcess } from './collect-process.ts';
import { freezeProcess } from './freeze-process.ts';
import { killProcess } from './kill-process.ts';

/** What is done on Windows, and how. A kind that is not here is refused with words that say so. */
export const windowsPerformers: { readonly [K in OperationKind]?: WindowsPerformer<K> } = {
  'collect-process': collectProcess,
  'freeze-process': freezeProcess,
  'kill-process': killProcess,
  'block-address': blockAddress,
};
