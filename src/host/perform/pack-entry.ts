import { once } from 'node:events';
import type { Pack } from 'tar-stream';
import type { AccountNames } from './account-names.ts';
import {
  headerOf,
  nameInArchive,
  type OpenEntry,
  openEntry,
  type TarHeader,
  targetOf,
  typeOf,
} from './archive-entry.ts';
import { errorCode } from './outcome.ts';
import type { TreeEntry } from './walk-tree.ts';

/** One line of the manifest. Paths and targets are host strings (see text/host-bytes.ts). */
export interface ManifestLine {
  readonly path: string;
  readonly isArchived?: boolean;
  /** Why it is not archived, or not as it was. */
  readonly note?: string;
  readonly [detail: string]: unknown;
}

/** Puts one thing into the archive; what came of it is its line in the manifest. Only a failing archive throws. */
export async function packEntry(
  pack: Pack,
  entry: TreeEntry,
  names: AccountNames,
  onBytes: (count: number) => void,
): Promise<ManifestLine> {
  const type = typeOf(entry.stats);
  const common = { path: entry.path, ...describe(entry.stats, type, names) };
  const archivedAs = nameInArchive(entry.path);
  const alias = `/${archivedAs}` === entry.path ? {} : { archivedAs };
  try {
    if (type === 'directory') {
      await addVoid(pack, headerOf(entry, entry.stats, null));
      return { ...common, ...alias, isArchived: true };
    }
    if (type === 'symlink') {
      const target = targetOf(entry);
      await addVoid(pack, headerOf(entry, entry.stats, target));
      return { ...common, ...alias, target, isArchived: true };
    }
    if (type !== 'file') return { ...common, isArchived: false, note: `a ${type} is not archived` };
    const open = openEntry(entry);
    if (open === null)
      return { ...common, isArchived: false, note: 'it was replaced while it was looked at' };
    try {
      const read = await addFile(pack, headerOf(entry, open.stats, null), open, onBytes);
      const now = describe(open.stats, type, names);
      return {
        path: entry.path,
        ...now,
        ...alias,
        sha256: read.sha256,
        isArchived: true,
        ...(read.note === null ? {} : { note: read.note }),
      };
    } finally {
      open.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { ...common, isArchived: false, note: `it could not be read (${errorCode(error)})` };
  }
}

function describe(stats: TreeEntry['stats'], type: string, names: AccountNames) {
  return {
    type,
    sizeBytes: Number(stats.size),
    mode: Number(stats.mode & 0o7777n)
      .toString(8)
      .padStart(4, '0'),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    owner: names.users.get(Number(stats.uid)) ?? null,
    group: names.groups.get(Number(stats.gid)) ?? null,
    mtimeNs: stats.mtimeNs.toString(),
    ctimeNs: stats.ctimeNs.toString(),
    inode: `${stats.dev}:${stats.ino}`,
    links: Number(stats.nlink),
  };
}

function addVoid(pack: Pack, header: TarHeader): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}

async function addFile(pack: Pack, header: TarHeader, open: OpenEntry, onBytes: (count: number) => void) {
  let settle: (error?: Error | null) => void = () => undefined;
  const packed = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  packed.catch(() => undefined);
  const entry = pack.entry(header, (error) => settle(error));
  const read = await open.read(async (bytes) => {
    onBytes(bytes.length);
    if (!entry.write(bytes)) await Promise.race([once(entry, 'drain'), packed]);
  });
  entry.end(null);
  await packed;
  return read;
}
