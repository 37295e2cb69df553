import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, constants as zlib } from 'node:zlib';
import { type Pack, pack as startTar } from 'tar-stream';
import { UserError } from '../text/user-error.ts';
import {
  ABOUT,
  type About,
  MANIFEST,
  type Manifest,
  type ManifestFile,
  nameInBundle,
  SIGNATURE,
} from './layout.ts';

export interface BundleParts {
  /** The incident folder. */
  readonly folder: string;
  readonly incidentId: string;
  readonly records: number;
  readonly journalHead: string;
  readonly createdAt: string;
  readonly version: string;
  /** What is made for the bundle, by its name in it: warning, custody sheet, transcripts. */
  readonly made: ReadonlyMap<string, string>;
  /** An SSH signature over the manifest's text; null: it goes unsigned. */
  sign(manifestSha256: string): Promise<string | null>;
}

export interface WrittenBundle {
  readonly files: number;
  readonly totalBytes: number;
  readonly isSigned: boolean;
}

/** Streams the bundle, compressed; what it held is known when `written` is. Nothing is kept but one piece of a file. */
export async function writeBundle(
  parts: BundleParts,
): Promise<{ readonly bytes: Readable; readonly written: Promise<WrittenBundle> }> {
  const stored = await storedFiles(parts.folder);
  const pack = startTar();
  const compress = createZstdCompress({
    params: {
      [zlib.ZSTD_c_compressionLevel]: 3,
      [zlib.ZSTD_c_checksumFlag]: 1,
    },
  });
  // As an iterable: pipe() of the one kind of stream into the other does not end.
  pipeline(pack as AsyncIterable<Uint8Array>, compress).catch(() => undefined);
  const written = fill(parts, stored, pack).catch((error: Error) => {
    pack.destroy(error);
    compress.destroy(error);
    throw error;
  });
  // A failure shows in the stream as well; whoever awaits neither is none of ours.
  written.catch(() => undefined);
  return { bytes: compress, written };
}

interface StoredFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

async function fill(parts: BundleParts, stored: readonly StoredFile[], pack: Pack): Promise<WrittenBundle> {
  const made = [...parts.made].map(([name, text]) => [name, Buffer.from(text)] as const);
  const totalBytes =
    stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) +
    made.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const common = { format: 1, incidentId: parts.incidentId, createdAt: parts.createdAt } as const;
  const about: About = {
    ...common,
    version: parts.version,
    files: stored.length + made.length + 1,
    totalBytes,
  };
  const put = (name: string, bytes: Buffer) => addBytes(pack, headerOf(parts, name, bytes.length), bytes);
  const files: ManifestFile[] = [];
  for (const [name, bytes] of [[ABOUT, jsonBytes(about)] as const, ...made]) {
    await put(name, bytes);
    files.push({ name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  for (const file of stored) files.push(await addFile(pack, parts, file));
  const { records, journalHead } = parts;
  const manifest: Manifest = { ...common, records, journalHead, files };
  const bytes = jsonBytes(manifest);
  await put(MANIFEST, bytes);
  const signature = await parts.sign(createHash('sha256').update(bytes).digest('hex'));
  if (signature !== null) await put(SIGNATURE, Buffer.from(signature));
  pack.finalize();
  return { files: files.length, totalBytes, isSigned: signature !== null };
}

function headerOf({ incidentId, createdAt }: BundleParts, name: string, size: number) {
  // Nothing in it may be run, by nobody.
  return {
    name: `${incidentId}/${name}`,
    size,
    mode: 0o400,
    mtime: new Date(createdAt),
    type: 'file' as const,
  };
}

function addBytes(pack: Pack, header: ReturnType<typeof headerOf>, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header, bytes, (error) => (error ? reject(error) : resolve()));
  });
}

async function addFile(pack: Pack, parts: BundleParts, stored: StoredFile): Promise<ManifestFile> {
  const handle = await openStored(stored);
  try {
    const hash = createHash('sha256');
    const { size } = await handle.stat();
    let settle: (error?: Error | null) => void = () => undefined;
    const packed = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    packed.catch(() => undefined);
    const entry = pack.entry(headerOf(parts, stored.name, size), (error) => settle(error));
    // A file that grows meanwhile is taken as long as it was.
    for (let at = 0; at < size; ) {
      const length = Math.min(PIECE_BYTES, size - at);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      hash.update(bytes);
      at += bytesRead;
      if (!entry.write(bytes)) await Promise.race([once(entry, 'drain'), packed]);
    }
    entry.end(null);
    await packed;
    return { name: stored.name, sizeBytes: size, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function openStored({ path }: StoredFile): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/** Everything of the incident that belongs into a bundle, in the order of its names. */
async function storedFiles(folder: string): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = [];
  const visit = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const stored = below === '' ? entry.name : `${below}/${entry.name}`;
      if (below === '' && !PARTS.has(entry.name)) continue;
      if (entry.isDirectory()) {
        await visit(stored);
        continue;
      }
      const name = nameInBundle(stored);
      if (name === null || !entry.isFile()) {
        throw new UserError(
          'odd-file',
          `${stored} in the incident folder is nothing that was put there by tourniquet.`,
          {
            hint: 'Move it elsewhere: a bundle holds the incident, and all of it.',
          },
        );
      }
      const handle = await open(join(folder, stored), constants.O_RDONLY | constants.O_NOFOLLOW);
      const { size } = await handle.stat().finally(() => handle.close());
      found.push({ name, path: join(folder, stored), sizeBytes: size });
    }
  };
  await visit('');
  return found;
}

/** What else lies in the folder (the lock, how the host is reached, names behind placeholders) stays at home. */
const PARTS: ReadonlySet<string> = new Set([
  ...['journal.jsonl', 'playbook.yaml', 'output', 'evidence', 'quarantine', 'signatures'],
]);

const PIECE_BYTES = 1 << 20;

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
