import type { BigIntStats } from 'node:fs';
import type { ScanScope } from '../../findings/scan.ts';
import type { FileIdentity } from '../../operations/identity.ts';
import { FileIdentityError, tryIdentifyFile } from '../file-identity.ts';
import { type Look, ownerName, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';

/** What every line and unit says of the file that it is in. */
export interface EntryFile {
  readonly file: FileIdentity;
  readonly ctimeNs: string;
  readonly owner: string;
  readonly package: string | null | undefined;
  readonly isUnchangedFromPackage: boolean;
}

/**
 * Whether what a path leads to still is as a package brought it. Costs one reading, so it is asked before
 * {@link entryFile} where such files are of no interest.
 */
export async function isAsPackaged(look: Look, path: string, ownership: Ownership): Promise<boolean> {
  const real = resolve(look, path);
  const owner = real === null ? null : (await ownership.owners([real])).get(real);
  if (real === null || typeof owner !== 'string' || !statHere(look, real)?.isFile()) return false;
  return (await ownership.integrity(real, owner)) === 'unchanged';
}

/** No list of entries is as large; who makes one so has us hash it to no end. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Identifies a text file that entries are in. Symlinks are resolved first, so that what is edited is the file
 * itself. null, and noted, if it cannot be identified; null in silence if it is missing or not a regular file.
 */
export async function entryFile(
  look: Look,
  scope: ScanScope,
  path: string,
  ownership: Ownership,
): Promise<EntryFile | null> {
  const real = resolve(look, path);
  const stats: BigIntStats | null = real === null ? null : statHere(look, real);
  if (real === null || stats === null || !stats.isFile()) return null;
  const file = tryIdentifyFile(real, { root: look.root, maxBytes: LARGEST });
  if (file instanceof FileIdentityError) {
    if (file.code !== 'missing') look.unknowns.push({ scope, what: path, reason: file.message });
    return null;
  }
  const owner = (await ownership.owners([real])).get(real);
  const isUnchanged = typeof owner === 'string' && (await ownership.integrity(real, owner)) === 'unchanged';
  return {
    file,
    ctimeNs: stats.ctimeNs.toString(),
    owner: ownerName(look, Number(stats.uid)),
    package: owner,
    isUnchangedFromPackage: isUnchanged,
  };
}
