import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, constants as zlib } from 'node:zlib';
import { type Pack, pack as startTar } from 'tar-stream';
import type { OperationOf } from '../../operations/operation.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import type { EvidenceWriter } from '../host.ts';
import { type AccountNames, readAccountNames } from './account-names.ts';
import { headerOf, nameInArchive, openEntry, type TarHeader, targetOf, typeOf } from './archive-entry.ts';
import { readTreeXattrs } from './file-xattrs.ts';
import { errorCode } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

export interface WrittenArchive {
  /** The archive, then its manifest. */
  readonly evidence: readonly EvidenceFile[];
  readonly entries: number;
  readonly bytes: number;
  /** Lines of the manifest with a note. */
  readonly notes: number;
}

const TELL_EVERY_MS = 200;

/** Streams it all through tar and zstd into the evidence; nothing is held but one piece. Throws when cancelled or cut short. */
export async function writeArchive(
  operation: OperationOf<'archive-files'>,
  totalBytes: number,
  without: readonly string[],
  context: PerformContext,
): Promise<WrittenArchive> {
  const stem = `archives/${operation.id}/${operation.name}`;
  const source = operation.paths.join(', ');
  const archive = await context.evidence.open(`${stem}.tar.zst`, source);
  const manifest = await context.evidence.open(`${stem}.manifest.jsonl`, source);
  const pack = startTar();
  const compress = createZstdCompress({
    params: { [zlib.ZSTD_c_compressionLevel]: 3, [zlib.ZSTD_c_checksumFlag]: 1 },
  });
  const flowing = pipeline(pack as AsyncIterable<Uint8Array>, compress, intoEvidence(archive), {
    signal: context.signal,
  });
  // A failure shows when it is awaited below; until then it must not count as unhandled.
  flowing.catch(() => undefined);
  const counted = { entries: 0, bytes: 0, notes: 0 };
  try {
    await fill(operation, pack, manifest, without, totalBytes, context, counted);
    pack.finalize();
    await flowing;
  } catch (error) {
    pack.destroy();
    await flowing.catch(() => undefined);
    await Promise.allSettled([archive.close(), manifest.close()]);
    throw error;
  }
  return { evidence: [await archive.close(), await manifest.close()], ...counted };
}

async function fill(
  operation: OperationOf<'archive-files'>,
  pack: Pack,
  manifest: EvidenceWriter,
  without: readonly string[],
  totalBytes: number,
  context: PerformContext,
  counted: { entries: number; bytes: number; notes: number },
): Promise<void> {
  const names = readAccountNames();
  let toldAt = 0;
  const onBytes = (count: number) => {
    context.signal?.throwIfAborted();
    counted.bytes += count;
    // Files may have grown since they were counted, and the limit is a promise.
    if (counted.bytes > operation.maxBytes)
      throw new Error('the files grew beyond the limit while they were packed');
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    context.onProgress({ done: counted.bytes, total: Math.max(totalBytes, counted.bytes), unit: 'bytes' });
  };
  for (const path of operation.paths) {
    const xattrs = await readTreeXattrs(path);
    for (const item of walkTree(path, without)) {
      context.signal?.throwIfAborted();
      const line: ManifestLine =
        item.kind === 'skipped'
          ? { path: item.path, note: item.why }
          : await packEntry(pack, item.entry, names, onBytes);
      const own = xattrs.get(item.kind === 'skipped' ? item.path : item.entry.path);
      await manifest.write(
        Buffer.from(`${JSON.stringify(own === undefined ? line : { ...line, xattrs: own })}\n`),
      );
      if (line.note !== undefined) counted.notes += 1;
      if (item.kind === 'entry' && line.isArchived) counted.entries += 1;
    }
  }
  context.onProgress({ done: counted.bytes, total: counted.bytes, unit: 'bytes' });
}

/** One line of the manifest. Paths and targets are host strings (see text/host-bytes.ts). */
interface ManifestLine {
  readonly path: string;
  readonly isArchived?: boolean;
  /** Why it is not archived, or not as it was. */
  readonly note?: string;
  readonly [detail: string]: unknown;
}

async function packEntry(
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

async function addFile(
  pack: Pack,
  header: TarHeader,
  open: NonNullable<ReturnType<typeof openEntry>>,
  onBytes: (count: number) => void,
) {
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

function intoEvidence(writer: EvidenceWriter): Writable {
  return new Writable({
    write(bytes: Uint8Array, _encoding, callback) {
      writer.write(bytes).then(() => callback(), callback);
    },
  });
}
