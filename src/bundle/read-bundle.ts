import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { ABOUT, type About, isIncidentId, isKnownName, MANIFEST, SIGNATURE } from './layout.ts';

/*
 * A bundle may come from anybody. Rules of this file: no name is used that is not of the layout; nothing but plain
 * files; each name once; the first file says how much there is, and not one byte more is taken; what is kept in
 * memory has a limit of its own.
 */

export interface BundleEntry {
  /** Without the folder's own name; one of the layout's. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface BundleVisitor {
  /** Said by the first file, before anything else is read. Throws to refuse. */
  onAbout(about: About): Promise<void>;
  /** Where the bytes of an entry go beside being hashed; null: nowhere. */
  onEntry(entry: BundleEntry): Promise<EntrySink | null>;
}

export interface EntrySink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface ReadBundle {
  readonly about: About;
  /** Of every file, in order. */
  readonly files: ReadonlyMap<string, { readonly sizeBytes: number; readonly sha256: string }>;
}

/** More than this of JSON about itself is not read. */
const MOST_ABOUT_BYTES = 64 * 1024;
/** Manifest and signature come on top of what the first file says; a manifest has some 200 bytes for each file. */
const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Reads a bundle (`.tar.zst`) to its end, one pass. @throws UserError `bad-bundle`. */
export async function readBundle(source: Readable, visitor: BundleVisitor): Promise<ReadBundle> {
  const files = new Map<string, { sizeBytes: number; sha256: string }>();
  const untar = extract();
  const flowing = pipeline(source, createZstdDecompress(), untar);
  flowing.catch(() => undefined);
  let about: About | null = null;
  let totalBytes = 0;
  try {
    for await (const entry of untar) {
      const name = nameOf(entry.header.name, entry.header.type, about);
      const contents = entry as AsyncIterable<Uint8Array>;
      const sizeBytes = entry.header.size ?? 0;
      if (files.has(name)) throw badBundle(`${name} is in it twice`);
      if (about === null) {
        if (name !== ABOUT || sizeBytes > MOST_ABOUT_BYTES)
          throw badBundle('it does not begin by saying what it is');
        const bytes = await collected(contents);
        about = parseAbout(bytes, entry.header.name);
        files.set(name, { sizeBytes, sha256: createHash('sha256').update(bytes).digest('hex') });
        await visitor.onAbout(about);
        continue;
      }
      const isOwn = name === MANIFEST || name === SIGNATURE;
      if (!isOwn) totalBytes += sizeBytes;
      else if (sizeBytes > MOST_MANIFEST_BYTES) throw badBundle(`its ${name} is far too large`);
      if (totalBytes > about.totalBytes || files.size > about.files + 1)
        throw badBundle('it holds more than it says at its beginning');
      const sink = await visitor.onEntry({ name, sizeBytes });
      const hash = createHash('sha256');
      for await (const bytes of contents) {
        hash.update(bytes);
        await sink?.write(bytes);
      }
      await sink?.close();
      files.set(name, { sizeBytes, sha256: hash.digest('hex') });
    }
    await flowing;
  } catch (error) {
    untar.destroy();
    source.destroy();
    await flowing.catch(() => undefined);
    throw readable(error);
  }
  if (about === null) throw badBundle('it is empty');
  return { about, files };
}

function nameOf(path: string, type: string | null | undefined, about: About | null): string {
  const slash = path.indexOf('/');
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  if (type !== 'file')
    throw badBundle(`${printable(path)} in it is a ${printable(type ?? 'thing')}, not a plain file`);
  if (
    slash < 1 ||
    !isIncidentId(folder) ||
    !isKnownName(name) ||
    (about !== null && folder !== about.incidentId)
  )
    throw badBundle(`${printable(path)} in it is no name that a bundle has`);
  return name;
}

function parseAbout(bytes: Buffer, path: string): About {
  const read = parsedJson(bytes, ABOUT) as Partial<About> | null;
  const isWhole =
    typeof read === 'object' &&
    read !== null &&
    typeof read.incidentId === 'string' &&
    path === `${read.incidentId}/${ABOUT}` &&
    typeof read.createdAt === 'string' &&
    typeof read.version === 'string' &&
    Number.isSafeInteger(read.files) &&
    Number.isSafeInteger(read.totalBytes);
  if (!isWhole) throw badBundle(`its ${ABOUT} does not say what it must`);
  if (read.format !== 1)
    throw badBundle(`it is of format ${printable(String(read.format))}, this program reads format 1`);
  return read as About;
}

/** @throws UserError `bad-bundle` if it is no JSON. */
export function parsedJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badBundle(`its ${name} is no JSON`);
  }
}

async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

export function badBundle(why: string): UserError {
  return new UserError('bad-bundle', `This is no bundle that can be trusted: ${why}.`, {
    hint: 'Nothing of it was kept. Ask whoever sent it for another, and for its hash by another way.',
  });
}

function readable(error: unknown): unknown {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ZSTD_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return badBundle('it is not compressed by zstd, or is damaged or cut off');
  if (/tar|header|unexpected end|premature/i.test(message ?? ''))
    return badBundle(`what it holds is no tar archive, or is cut off (${printable(message)})`);
  return error;
}
