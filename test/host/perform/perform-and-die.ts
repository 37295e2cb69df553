/**
 * Carries out one operation, to be killed in the middle. argv: folder of the stage, operation as JSON,
 * `perform` or `undo`. Sends the prepared receipt, then `begun` just before the change, and `over` after.
 */
import { editFile } from '../../../src/host/perform/edit-file.ts';
import type { OperationPerformer } from '../../../src/host/perform/performer.ts';
import { quarantineFile } from '../../../src/host/perform/quarantine-file.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { openStage, receiptOf } from './stage.ts';

type Kind = 'quarantine-file' | 'edit-file';
const [root = '', text = '', what = ''] = process.argv.slice(2);
const operation = JSON.parse(text) as OperationOf<Kind>;
const performers = { 'quarantine-file': quarantineFile, 'edit-file': editFile };
const performer = performers[operation.kind] as unknown as OperationPerformer<Kind>;
const context = openStage(root).context();
const receipt = receiptOf(await performer.prepare(operation, context));
process.send?.(receipt);
if (what === 'undo') await performer.perform(operation, receipt, context);
process.send?.('begun');
await performer[what === 'undo' ? 'undo' : 'perform'](operation, receipt, context);
process.send?.('over');
process.disconnect?.();
