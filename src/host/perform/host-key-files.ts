import { linkSync, lstatSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { type OpenFolder, openParent } from '../safe-path.ts';
import { parsePublicKey, readPublicKey } from './host-key.ts';
import { lookAt } from './opened-file.ts';
import { copyAttributes } from './twin-file.ts';

const looks = z.object({ mode: z.number(), uid: z.number(), gid: z.number() });
/** A host key to be replaced, as it was before. No secrets. */
export const keyFields = z.object({
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
export type Key = z.infer<typeof keyFields>;

function newName({ kept }: Key): string {
  return `${kept}.new`;
}

/**
 * By ssh-keygen, which follows a link that it finds under the name that it is to write to: so in the quarantine, where nobody
 * else can put one. Owner, mode, ACL and label as the old one has them. null, or why not.
 */
export async function makeKey(folder: OpenFolder, quarantine: OpenFolder, key: Key): Promise<string | null> {
  forgetNew(quarantine, key);
  const bits =
    key.bits === null ? [] : ['-b', String(key.type === 'rsa' ? Math.max(key.bits, 3072) : key.bits)];
  const path = quarantine.childForOthers(newName(key));
  const made = await runTool(['ssh-keygen', '-q', '-t', key.type, ...bits, '-N', '', '-f', path], {
    timeoutMs: 120_000,
  });
  if (made.exitCode !== 0) return toolFailure('ssh-keygen', made);
  const name = basename(key.path);
  await copyAttributes({ folder, name }, quarantine, newName(key), key.looks);
  const publicLooks = key.publicLooks ?? { ...key.looks, mode: 0o644 };
  const like = key.publicLooks === null ? name : `${name}.pub`;
  await copyAttributes({ folder, name: like }, quarantine, `${newName(key)}.pub`, publicLooks);
  return null;
}

/**
 * First a second name for the old one in quarantine, then the new one over it: there is never none. null, or why not, with
 * nothing changed: what has the second name is looked at there, where nobody else can change names.
 */
export async function putInPlace(
  folder: OpenFolder,
  quarantine: OpenFolder,
  key: Key,
): Promise<string | null> {
  const name = basename(key.path);
  const ends = key.publicLooks === null ? [''] : ['', '.pub'];
  for (const end of ends) {
    if (!lstatSync(quarantine.child(`${key.kept}${end}`), { throwIfNoEntry: false }))
      linkSync(folder.child(`${name}${end}`), quarantine.child(`${key.kept}${end}`));
  }
  const held = await lookAt(quarantine, key.kept);
  if (held === null || typeof held === 'string' || held.sha256 !== key.sha256) {
    for (const end of ends) rmSync(quarantine.child(`${key.kept}${end}`), { force: true });
    return `${key.path} was exchanged for another file while it was replaced`;
  }
  for (const end of ['', '.pub'])
    renameSync(quarantine.child(`${newName(key)}${end}`), folder.child(`${name}${end}`));
  return null;
}

export function putBack(folder: OpenFolder, quarantine: OpenFolder, key: Key): void {
  forgetNew(quarantine, key);
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
}

export function forgetNew(quarantine: OpenFolder, key: Key): void {
  for (const end of ['', '.pub']) rmSync(quarantine.child(`${newName(key)}${end}`), { force: true });
}

export async function isReplaced(key: Key): Promise<boolean> {
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
export async function derivePublicKey(folder: OpenFolder, name: string) {
  const derived = await runTool(['ssh-keygen', '-y', '-P', '', '-f', folder.childForOthers(name)]);
  return derived.exitCode === 0 ? parsePublicKey(decodeHostBytes(derived.stdout)) : null;
}
