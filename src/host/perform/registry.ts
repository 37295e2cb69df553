import type { OperationKind } from '../../operations/operation.ts';
import { archiveFiles } from './archive-files.ts';
import { blockAddress } from './block-address.ts';
import { cloudCall } from './cloud-call.ts';
import { collectProcess } from './collect-process.ts';
import { disableEntry } from './disable-entry.ts';
import { disableUnit } from './disable-unit.ts';
import { editFile } from './edit-file.ts';
import { endSession } from './end-session.ts';
import { expirePassword } from './expire-password.ts';
import { freezeProcess } from './freeze-process.ts';
import { isolateHost } from './isolate-host.ts';
import { killProcess } from './kill-process.ts';
import { liftIsolation } from './lift-isolation.ts';
import { lockAccount } from './lock-account.ts';
import type { OperationPerformer } from './performer.ts';
import { quarantineFile } from './quarantine-file.ts';
import { reinstallPackage } from './reinstall-package.ts';
import { replaceHostKeys } from './replace-host-keys.ts';
import { revealProcess } from './reveal-process.ts';
import { runCommand } from './run-command.ts';
import { setAttributes } from './set-attributes.ts';
import { setKernelParameter } from './set-kernel-parameter.ts';
import { snapshotVolume } from './snapshot-volume.ts';
import { stopContainer } from './stop-container.ts';
import { upgradePackages } from './upgrade-packages.ts';

/** How each kind of operation is done on this host. Adding one is a file and a line here. */
export const performers: { readonly [K in OperationKind]: OperationPerformer<K> } = {
  'run-command': runCommand,
  'collect-process': collectProcess,
  'archive-files': archiveFiles,
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
  'replace-host-keys': replaceHostKeys,
  'end-session': endSession,
  'reinstall-package': reinstallPackage,
  'reveal-process': revealProcess,
  'set-attributes': setAttributes,
  'set-kernel-parameter': setKernelParameter,
  'snapshot-volume': snapshotVolume,
  'stop-container': stopContainer,
  'upgrade-packages': upgradePackages,
  'cloud-call': cloudCall,
};
