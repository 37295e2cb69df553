import type { OperationKind } from '../../../operations/operation.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { archiveFiles } from './archive-files.ts';
import { blockAddress } from './block-address.ts';
import { collectProcess } from './collect-process.ts';
import { disableEntry } from './disable-entry.ts';
import { disableUnit } from './disable-unit.ts';
import { editFile } from './edit-file.ts';
import { endSession } from './end-session.ts';
import { expirePassword } from './expire-password.ts';
import { freezeProcess } from './freeze-process.ts';
import { isolateHost, liftIsolation } from './isolate-host.ts';
import { killProcess } from './kill-process.ts';
import { lockAccount } from './lock-account.ts';
import { quarantineFile } from './quarantine-file.ts';
import { runCommand } from './run-command.ts';
import { upgradePackages } from './upgrade-packages.ts';

/** What is done on Windows, and how. A kind that is not here is refused with words that say so. */
export const windowsPerformers: { readonly [K in OperationKind]?: WindowsPerformer<K> } = {
  'run-command': runCommand,
  'upgrade-packages': upgradePackages,
  'archive-files': archiveFiles,
  'collect-process': collectProcess,
  'freeze-process': freezeProcess,
  'kill-process': killProcess,
  'block-address': blockAddress,
  'isolate-host': isolateHost,
  'lift-isolation': liftIsolation,
  'quarantine-file': quarantineFile,
  'edit-file': editFile,
  'disable-unit': disableUnit,
  'disable-entry': disableEntry,
  'lock-account': lockAccount,
  'expire-password': expirePassword,
  'end-session': endSession,
};
