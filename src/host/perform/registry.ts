import type { OperationKind } from '../../operations/operation.ts';
import { archiveFiles } from './archive-files.ts';
import { collectProcess } from './collect-process.ts';
import { editFile } from './edit-file.ts';
import { freezeProcess } from './freeze-process.ts';
import { killProcess } from './kill-process.ts';
import type { OperationPerformer } from './performer.ts';
import { quarantineFile } from './quarantine-file.ts';
import { runCommand } from './run-command.ts';

/** How each kind of operation is done on this host. Adding one is a file and a line here. */
export const performers: Partial<{ readonly [K in OperationKind]: OperationPerformer<K> }> = {
  'run-command': runCommand,
  'collect-process': collectProcess,
  'archive-files': archiveFiles,
  'freeze-process': freezeProcess,
  'kill-process': killProcess,
  'quarantine-file': quarantineFile,
  'edit-file': editFile,
};
