import { inflateRawSync } from 'node:zlib';

/** What a ZIP file is read from: a file, or one that lies in another. Reading beyond the end gives less. */
export interface ByteSource {
  readonly size: number;
  read(at: number, length: number): Buffer;
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly headerAt: number;
}

/** The list of what a ZIP file holds, as it stands at its end; nothing of it is unpacked. */
export interface ZipFile {
  readonly source: ByteSource;
  /** The list as it is: to look for a name in it without taking it apart. */
  readonly list: Buffer;
  /** What the numbers in the list must be added to: a script may stand before the archive. */
  readonly startsAt: number;
}

const END = 0x06054b50;
const END_64_AT = 0x07064b50;
const END_64 = 0x06064b50;
const LISTED = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end of the list, with the longest comment there may be. */
const TAIL = 22 + 65_535;
/** Enough for 150,000 names. */
const MOST_LIST = 16 * 1024 * 1024;

/** null if it is none, was cut off, or has a list that is too long (APPNOTE.TXT, 4.3.12 to 4.3.16). */
export function openZip(source: ByteSource): ZipFile | null {
  // Most have no comment: then the end is the last that there is.
  for (const length of [22, TAIL]) {
    const from = Math.max(0, source.size - length);
    const tail = source.read(from, length);
    for (let at = tail.length - 22; at >= 0; at -= 1) {
      if (tail.readUInt32LE(at) !== END || at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
      const end = { size: tail.readUInt32LE(at + 12), at: tail.readUInt32LE(at + 16) };
      return openLarge(source, from + at) ?? withList(source, end, from + at);
    }
  }
  return null;
}

/** More than 65,535 names, or more than 4 GB: the numbers that count stand in a record before the end. null if there is none. */
function openLarge(source: ByteSource, endAt: number): ZipFile | null {
  const locator = source.read(endAt - 20, 20);
  if (endAt < 76 || locator.length < 20 || locator.readUInt32LE(0) !== END_64_AT) return null;
  const record = source.read(endAt - 76, 56);
  if (record.length < 56 || record.readUInt32LE(0) !== END_64) return null;
  const end = { size: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) };
  return withList(source, end, endAt - 76);
}

function withList(source: ByteSource, end: { size: number; at: number }, endsAt: number): ZipFile | null {
  const at = endsAt - end.size;
  if (end.size > MOST_LIST || at < 0 || at < end.at) return null;
  const list = source.read(at, end.size);
  return list.length < end.size ? null : { source, list, startsAt: at - end.at };
}

/** Each name in turn; ends where the list stops making sense. */
export function* entriesOf({ list }: ZipFile): Generator<ZipEntry> {
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === LISTED; ) {
    const nameLength = list.readUInt16LE(at + 28);
    yield {
      name: list.toString('latin1', at + 46, at + 46 + nameLength),
      method: list.readUInt16LE(at + 10),
      packedSize: list.readUInt32LE(at + 20),
      size: list.readUInt32LE(at + 24),
      headerAt: list.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
}

/** What lies in it, unpacked; null if it has more than `limit` bytes, whatever the list says, or makes no sense. */
export function readEntry(zip: ZipFile, entry: ZipEntry, limit: number): Buffer | null {
  const at = dataOf(zip, entry);
  if (at === null || entry.packedSize > limit || entry.size > limit) return null;
  const packed = zip.source.read(at, entry.packedSize);
  if (packed.length < entry.packedSize) return null;
  if (entry.method === 0) return packed;
  try {
    return entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: limit }) : null;
  } catch {
    // It is no such stream, or has more in it than it says.
    return null;
  }
}

/** An archive in an archive. One that is not packed, as in what Spring Boot makes, is read where it lies. */
export function openWithin(zip: ZipFile, entry: ZipEntry, limit: number): ZipFile | null {
  const at = dataOf(zip, entry);
  if (at === null) return null;
  if (entry.method === 0) {
    const size = Math.max(0, Math.min(entry.packedSize, zip.source.size - at));
    const read: ByteSource['read'] = (from, length) =>
      from < 0 || from >= size ? Buffer.alloc(0) : zip.source.read(at + from, Math.min(length, size - from));
    return openZip({ size, read });
  }
  const bytes = readEntry(zip, entry, limit);
  return bytes === null ? null : openZip(sourceOf(bytes));
}

export function sourceOf(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (at, length) => bytes.subarray(Math.max(0, at), Math.max(0, at + length)),
  };
}

function dataOf({ source, startsAt }: ZipFile, { headerAt }: ZipEntry): number | null {
  const at = startsAt + headerAt;
  const header = source.read(at, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) return null;
  return at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}
