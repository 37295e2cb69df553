import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, constants as zlib } from 'node:zlib';
import { type Pack, pack as startTar } from 'tar-stream';
import type { OperationOf } from '../../operations/operation.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import type { EvidenceWriter } from '../host.ts';
import { HostError } from '../host-error.ts';
import { readAccountNames } from './account-names.ts';
import { readTreeXattrs } from './file-xattrs.ts';
import { type ManifestLine, packEntry } from './pack-entry.ts';
import type { PerformContext } from './performer.ts';
import { walkTree } from './walk-tree.ts';

export interface WrittenArchive {
  /** The archive, then its manifest. */
  readonly evidence: readonly EvidenceFile[];
  readonly entries: number;
  readonly bytes: number;
  /** Lines of the manifest with a note. */
  readonly notes: number;
}

const TELL_EVERY_MS = 200;
const PIECE_BYTES = 256 * 1024;

/** Streams it all through tar and zstd into the evidence; nothing is held but one piece. Throws when cancelled or cut short. */
export async function writeArchive(
  operation: OperationOf<'archive-files'>,
  totalBytes: number,
  without: readonly string[],
  context: PerformContext,
): Promise<WrittenArchive> {
  const source = operation.paths.join(', ');
  const archive = await context.evidence.open(`${operation.name}.tar.zst`, source);
  const manifest = await context.evidence.open(`${operation.name}.manifest.jsonl`, source);
  const pack = startTar();
  const compress = createZstdCompress({
    params: { [zlib.ZSTD_c_compressionLevel]: 3, [zlib.ZSTD_c_checksumFlag]: 1 },
  });
  const flowing = pipeline(gathered(pack as AsyncIterable<Uint8Array>), compress, intoEvidence(archive), {
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
      throw new HostError('the files grew beyond the limit while they were packed');
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

/** Headers and small files come in crumbs, and each crumb costs the compressor a trip to another thread. */
async function* gathered(crumbs: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const crumb of crumbs) {
    pieces.push(crumb);
    sizeBytes += crumb.length;
    if (sizeBytes < PIECE_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    sizeBytes = 0;
  }
  yield Buffer.concat(pieces);
}

function intoEvidence(writer: EvidenceWriter): Writable {
  return new Writable({
    write(bytes: Uint8Array, _encoding, callback) {
      writer.write(bytes).then(() => callback(), callback);
    },
  });
}
