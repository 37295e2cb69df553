import { linkSync, lstatSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { type OpenFolder, openFolder, openParent, WalkError } from '../safe-path.ts';
import { findTool } from '../tool-lookup.ts';
import { parsePublicKey, readPublicKey } from './host-key.ts';
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
import { copyAttributes } from './twin-file.ts';

const looks = z.object({ mode: z.number(), uid: z.number(), gid: z.number() });
const keyFields = z.object({
  path: z.string(),
  type: z.enum(['rsa', 'ecdsa', 'ed25519']),
  bits: z.number().nullable(),
  fingerprint: z.string(),
  sha256: z.string(),
  looks,
  /** Of the `.pub` beside it; null if there is none. */
  publicLooks: looks.nullable(),
  /** Name in the quarantine folder; the public one has `.pub` after it. */
  kept: z.string(),
});
const fields = z.looseObject({ quarantineFolder: z.string(), keys: z.array(keyFields) });
type Key = z.infer<typeof keyFields>;

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
    const { quarantineFolder, keys } = readReceipt('replace-host-keys', fields, receipt);
    const wasSound = await isSshdSound();
    const folder = openFolder(dirname(keys[0]?.path ?? '/'));
    const quarantine = await openQuarantine(quarantineFolder);
    try {
      // All are made before any is put in place: a full disk or a missing type then changes nothing.
      for (const key of keys) {
        const failure = await makeKey(folder, key);
        if (failure === null) continue;
        for (const one of keys) forgetNew(folder, one);
        return failed(receipt, `No host key was replaced: ${failure}.`);
      }
      for (const key of keys) putInPlace(folder, quarantine, key);
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
        { ...receipt, fingerprints },
        `New host keys: ${lines.join(', ')}. ${told} Tell everybody who connects: they will be warned.`,
      );
    } catch (error) {
      for (const key of keys) forgetNew(folder, key);
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
    const { quarantineFolder, keys } = readReceipt('replace-host-keys', fields, receipt);
    const quarantine = openExistingQuarantine(quarantineFolder);
    if (quarantine === null)
      return failed(receipt, `The old host keys are not in ${quarantineFolder} any more; the new ones stay.`);
    const folder = openFolder(dirname(keys[0]?.path ?? '/'));
    const problems: string[] = [];
    try {
      for (const key of keys) {
        const problem = putBack(folder, quarantine, key);
        const now = await lookAt(folder, basename(key.path));
        if (now === null || typeof now === 'string' || now.sha256 !== key.sha256)
          problems.push(problem ?? `${key.path} is not the old key`);
      }
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

function newName({ path }: Key): string {
  return `.${basename(path)}.tourniquet`;
}

/** Beside the old one, by ssh-keygen; owner, mode, ACL and label as the old one has them. null, or why not. */
async function makeKey(folder: OpenFolder, key: Key): Promise<string | null> {
  forgetNew(folder, key);
  const bits =
    key.bits === null ? [] : ['-b', String(key.type === 'rsa' ? Math.max(key.bits, 3072) : key.bits)];
  const path = folder.childForOthers(newName(key));
  const made = await runTool(['ssh-keygen', '-q', '-t', key.type, ...bits, '-N', '', '-f', path], {
    timeoutMs: 120_000,
  });
  if (made.exitCode !== 0) return toolFailure('ssh-keygen', made);
  const name = basename(key.path);
  await copyAttributes({ folder, name }, folder, newName(key), key.looks);
  const publicLooks = key.publicLooks ?? { ...key.looks, mode: 0o644 };
  const like = key.publicLooks === null ? name : `${name}.pub`;
  await copyAttributes({ folder, name: like }, folder, `${newName(key)}.pub`, publicLooks);
  return null;
}

/** First a second name for the old one in quarantine, then the new one over it: there is never none. */
function putInPlace(folder: OpenFolder, quarantine: OpenFolder, key: Key): void {
  const name = basename(key.path);
  for (const end of key.publicLooks === null ? [''] : ['', '.pub']) {
    if (!lstatSync(quarantine.child(`${key.kept}${end}`), { throwIfNoEntry: false }))
      linkSync(folder.child(`${name}${end}`), quarantine.child(`${key.kept}${end}`));
  }
  for (const end of ['', '.pub'])
    renameSync(folder.child(`${newName(key)}${end}`), folder.child(`${name}${end}`));
}

function putBack(folder: OpenFolder, quarantine: OpenFolder, key: Key): string | null {
  forgetNew(folder, key);
  const name = basename(key.path);
  for (const end of ['', '.pub']) {
    const kept = lstatSync(quarantine.child(`${key.kept}${end}`), { throwIfNoEntry: false });
    const standing = lstatSync(folder.child(`${name}${end}`), { throwIfNoEntry: false });
    if (kept === undefined) {
      if (end === '.pub' && key.publicLooks === null) rmSync(folder.child(`${name}.pub`), { force: true });
      continue;
    }
    // rename(2) does nothing between two names of one file, which is what a cut-off replacement leaves.
    if (standing !== undefined && standing.ino === kept.ino && standing.dev === kept.dev)
      unlinkSync(quarantine.child(`${key.kept}${end}`));
    else renameSync(quarantine.child(`${key.kept}${end}`), folder.child(`${name}${end}`));
  }
  return null;
}

function forgetNew(folder: OpenFolder, key: Key): void {
  for (const end of ['', '.pub']) rmSync(folder.child(`${newName(key)}${end}`), { force: true });
}

async function isReplaced(key: Key): Promise<boolean> {
  const { folder, name } = openParent(key.path);
  try {
    const now = await lookAt(folder, name);
    if (now === null || typeof now === 'string' || now.sha256 === key.sha256) return false;
    const publicKey = readPublicKey(`${key.path}.pub`);
    return publicKey !== null && publicKey.fingerprint !== key.fingerprint;
  } finally {
    folder.close();
  }
}

/** From the private key, where there is no `.pub`. Only the public half is ever printed (ssh-keygen(1), -y). */
async function derivePublicKey(folder: OpenFolder, name: string) {
  const derived = await runTool(['ssh-keygen', '-y', '-P', '', '-f', folder.childForOthers(name)]);
  return derived.exitCode === 0 ? parsePublicKey(decodeHostBytes(derived.stdout)) : null;
}
