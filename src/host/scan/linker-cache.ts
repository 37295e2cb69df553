import { decodeHostBytes } from '../../text/host-bytes.ts';
import { type Look, readBytes } from './look.ts';

export interface CachedLibrary {
  /** By which programs ask for it. */
  readonly name: string;
  /** What they get. */
  readonly path: string;
}

const MAGIC = Buffer.from('glibc-ld.so.cache1.1', 'latin1');
const HEADER = 48;
const ENTRY = 24;
const MOST = 20_000;
const LONGEST = 4096;
const LIMIT = 8 * 1024 * 1024;

/**
 * What the dynamic linker goes by before it looks into any folder: /etc/ld.so.cache, in the form that glibc writes since 2.2
 * (elf/cache.c, dl-cache.h: struct cache_file_new). Empty where there is none, as with musl, or if it is of another form.
 */
export function cachedLibraries(look: Look): CachedLibrary[] {
  const bytes = readBytes(look, 'preload', '/etc/ld.so.cache', LIMIT)?.bytes;
  return bytes === undefined ? [] : parseLinkerCache(bytes);
}

export function parseLinkerCache(bytes: Buffer): CachedLibrary[] {
  // The older form may stand before it.
  const start = bytes.indexOf(MAGIC);
  if (start < 0 || bytes.length < start + HEADER) return [];
  const here = bytes.subarray(start);
  const most = Math.floor((here.length - HEADER) / ENTRY);
  const count = Math.min(here.readUInt32LE(MAGIC.length), most, MOST);
  const libraries: CachedLibrary[] = [];
  for (let at = HEADER; at < HEADER + count * ENTRY; at += ENTRY) {
    const name = textAt(here, here.readUInt32LE(at + 4));
    const path = textAt(here, here.readUInt32LE(at + 8));
    if (name !== null && path?.startsWith('/')) libraries.push({ name, path });
  }
  return libraries;
}

function textAt(bytes: Buffer, at: number): string | null {
  const text = bytes.subarray(at, at + LONGEST);
  const end = text.indexOf(0);
  return at < HEADER || end < 0 ? null : decodeHostBytes(text.subarray(0, end));
}
