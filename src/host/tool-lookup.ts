import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where host tools are looked for, in this order, whatever the caller's PATH says. */
export const TRUSTED_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const;

/** What was really run: recorded so that a swapped tool can be told afterwards. */
export interface ToolRecord {
  readonly path: string;
  /** Of the file behind any links. */
  readonly sha256: string;
}

/**
 * Absolute path of a tool by its bare name, or null. A file that everybody may write to is not trusted. The
 * path is the one found, not the one behind links: busybox and xtables go by the name they are called by.
 */
export async function findTool(name: string): Promise<string | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)) return null;
  for (const folder of TRUSTED_FOLDERS) {
    const path = join(folder, name);
    if (await isTrusted(path)) return path;
  }
  return null;
}

/** Path and hash of a tool as it is now; null if there is none by that name. */
export async function toolRecord(name: string): Promise<ToolRecord | null> {
  const path = await findTool(name);
  if (path === null) return null;
  try {
    const behind = await realpath(path);
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(behind, { bigint: true });
    const version = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    let known = hashes.get(behind);
    if (known?.version !== version) {
      known = { version, sha256: await hashFile(behind) };
      hashes.set(behind, known);
    }
    return { path, sha256: known.sha256 };
  } catch {
    return null;
  }
}

/** By path; good only as long as the file's version (inode, size, times) is the same. */
const hashes = new Map<string, { version: string; sha256: string }>();

async function isTrusted(path: string): Promise<boolean> {
  try {
    const status = await stat(path);
    return status.isFile() && (status.mode & 0o111) !== 0 && (status.mode & 0o002) === 0;
  } catch {
    return false;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
