import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { type OpenFolder, openFolder, openParent, WalkError } from '../safe-path.ts';
import { findTool } from '../tool-lookup.ts';
import { folderTime, noteFolderTimes, restoringFolderTimes, withTimesAfter } from './folder-times.ts';
import { readPublicKey } from './host-key.ts';
import {
  derivePublicKey,
  forgetNew,
  isReplaced,
  type Key,
  keyFields,
  makeKey,
  putBack,
  putInPlace,
} from './host-key-files.ts';
import { lookAt, whatChanged } from './opened-file.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { fsyncFolder } from './private-folder.ts';
import {
  chooseQuarantine,
  openExistingQuarantine,
  openQuarantine,
  tidyQuarantine,
} from './quarantine-place.ts';
import { readReceipt } from './receipt-fields.ts';
import { isSshdSound, reloadSshd } from './ssh-daemon.ts';

const fields = z.looseObject({
  quarantineFolder: z.string(),
  keys: z.array(keyFields),
  folders: z.array(folderTime).default([]),
});

/**
 * New host keys of the same types. The old ones stay whole in quarantine (a hard link, so inode, owner, mode, times
 * and labels stay theirs) and never leave the host: a private key is no evidence.
 */
export const replaceHostKeys: OperationPerformer<'replace-host-keys'> = {
  async prepare({ id, keys }, { hostFolder, incidentId }) {
    const first = keys[0];
    if (first === undefined) return refused('invalid', 'There is no host key to replace.');
    if ((await findTool('ssh-keygen')) === null)
      return refused(
        'unavailable',
        'ssh-keygen is not installed. Install it (apt: openssh-client, dnf: openssh, apk: openssh-keygen), then try again.',
      );
    if (keys.some(({ path }) => dirname(path) !== dirname(first.path)))
      return refused('invalid', 'Host keys in different folders have to be replaced one folder at a time.');
    try {
      const { folder } = openParent(first.path);
      try {
        const described: Key[] = [];
        for (const [at, key] of keys.entries()) {
          const name = basename(key.path);
          const now = await lookAt(folder, name);
          if (now === null || typeof now === 'string')
            return refused('stale', `${key.path} is not there any more as a file. Scan again and plan anew.`);
          const change = whatChanged(key, now);
          if (change !== null)
            return refused(
              'stale',
              `${key.path} is not what was planned against; ${change}. Scan again and plan anew.`,
            );
          const publicKey = readPublicKey(`${key.path}.pub`) ?? (await derivePublicKey(folder, name));
          if (publicKey === null)
            return refused(
              'invalid',
              `${key.path} is no host key of a type that is made today (RSA, ECDSA, Ed25519). Take it out of sshd_config instead.`,
            );
          const beside = lstatSync(folder.child(`${name}.pub`), { throwIfNoEntry: false });
          described.push({
            path: key.path,
            ...publicKey,
            sha256: key.sha256,
            looks: { mode: now.mode, uid: now.uid, gid: now.gid },
            publicLooks: beside?.isFile()
              ? { mode: beside.mode & 0o7777, uid: beside.uid, gid: beside.gid }
              : null,
            kept: `${id}.${at}`,
          });
        }
        return ready({
          kind: 'replace-host-keys',
          quarantineFolder: chooseQuarantine(folder, hostFolder, incidentId),
          keys: described.map((key) => ({ ...key })),
          folders: noteFolderTimes(described.map(({ path }) => path)),
        });
      } finally {
        folder.close();
      }
    } catch (error) {
      return refused(
        error instanceof WalkError ? 'stale' : 'unavailable',
        `The host keys cannot be read (${error instanceof WalkError ? error.message : errorCode(error)}).`,
      );
    }
  },

  async perform(_operation, receipt, context) {
    const { quarantineFolder, keys, folders } = readReceipt('replace-host-keys', fields, receipt);
    const wasSound = await isSshdSound();
    const folder = folderOfKeys(keys);
    if (typeof folder === 'string') return failed(receipt, `No host key was replaced: ${folder}`);
    const quarantine = await openQuarantine(quarantineFolder);
    try {
      // All are made before any is put in place: a full disk or a missing type then changes nothing.
      for (const key of keys) {
        const failure = await makeKey(folder, quarantine, key);
        if (failure === null) continue;
        for (const one of keys) forgetNew(quarantine, one);
        return failed(receipt, `No host key was replaced: ${failure}.`);
      }
      for (const key of keys) {
        const failure = await putInPlace(folder, quarantine, key);
        if (failure === null) continue;
        for (const one of keys) forgetNew(quarantine, one);
        return failed(
          receipt,
          `The host keys are not all replaced: ${failure}. Undo puts back those that were; then scan again.`,
        );
      }
      fsyncFolder(folder.child('.'));
      fsyncFolder(quarantine.child('.'));
      if (wasSound === true && (await isSshdSound()) === false) {
        for (const key of keys) putBack(folder, quarantine, key);
        return failed(
          receipt,
          'sshd would not start with the new keys, so the old ones are in place again. Look at: sshd -t',
        );
      }
      const told = await reloadSshd(context.facts);
      const fingerprints = keys.map(({ path }) => ({
        path,
        fingerprint: readPublicKey(`${path}.pub`)?.fingerprint ?? '',
      }));
      const lines = keys.map(({ type }, at) => `${type.toUpperCase()} ${fingerprints[at]?.fingerprint}`);
      return done(
        { ...receipt, fingerprints, folders: withTimesAfter(folders) },
        `New host keys: ${lines.join(', ')}. ${told} Tell everybody who connects: they will be warned.`,
      );
    } catch (error) {
      for (const key of keys) forgetNew(quarantine, key);
      return failed(
        receipt,
        `The host keys are not all replaced (${errorCode(error)}). Undo puts back those that were.`,
      );
    } finally {
      folder.close();
      quarantine.close();
    }
  },

  async verify(_operation, receipt) {
    const { keys } = readReceipt('replace-host-keys', fields, receipt);
    const old: string[] = [];
    try {
      for (const key of keys) if (!(await isReplaced(key))) old.push(key.path);
    } catch (error) {
      return verified('unknown', `The host keys cannot be read (${errorCode(error)}).`);
    }
    return old.length === 0
      ? verified('holds', `${keys.length} host key${keys.length === 1 ? ' is' : 's are'} new.`)
      : verified('does-not-hold', `Not replaced: ${old.join(', ')}.`);
  },

  async undo(_operation, receipt, context) {
    const { quarantineFolder, keys, folders } = readReceipt('replace-host-keys', fields, receipt);
    const quarantine = openExistingQuarantine(quarantineFolder);
    if (quarantine === null)
      return failed(receipt, `The old host keys are not in ${quarantineFolder} any more; the new ones stay.`);
    const folder = folderOfKeys(keys);
    if (typeof folder === 'string') {
      quarantine.close();
      return failed(receipt, `The old host keys are not back: ${folder}`);
    }
    const problems: string[] = [];
    try {
      await restoringFolderTimes(folders, async () => {
        for (const key of keys) {
          putBack(folder, quarantine, key);
          const now = await lookAt(folder, basename(key.path));
          if (now === null || typeof now === 'string' || now.sha256 !== key.sha256)
            problems.push(`${key.path} is not the old key`);
        }
      });
      fsyncFolder(folder.child('.'));
    } catch (error) {
      problems.push(errorCode(error));
    } finally {
      folder.close();
      quarantine.close();
    }
    const told = await reloadSshd(context.facts);
    if (problems.length > 0)
      return failed(receipt, `The old host keys are not all back: ${problems.join('; ')}. ${told}`);
    await tidyQuarantine(quarantineFolder).catch(() => undefined);
    return done(receipt, `The old host keys are back. ${told}`);
  },
};

/** Or why it cannot be had now: somebody may have put something else in its place. */
function folderOfKeys(keys: readonly Key[]): OpenFolder | string {
  try {
    return openFolder(dirname(keys[0]?.path ?? '/'));
  } catch (error) {
    if (error instanceof WalkError) return error.message;
    throw error;
  }
}
