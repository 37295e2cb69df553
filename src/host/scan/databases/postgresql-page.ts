import type { Transactions } from './postgresql-transactions.ts';

const PAGE = 8192;
const FIRST_ITEM = 24;
const NORMAL = 1;
/** Bits of t_infomask (access/htup_details.h). */
const XMIN_COMMITTED = 0x100;
const XMIN_INVALID = 0x200;
const XMAX_LOCK_ONLY = 0x80;
const XMAX_INVALID = 0x800;
const XMAX_IS_MULTI = 0x1000;

/**
 * The rows of a table’s file as PostgreSQL keeps it (storage/bufpage.h, page version 4, since 8.3; little-endian, pages of
 * 8 KiB): of each its columns, one after the other, without rows that were removed, written anew, or never came to be.
 */
export function* rowsOf(bytes: Buffer, states: Transactions): Generator<Buffer> {
  for (let page = 0; page + PAGE <= bytes.length; page += PAGE) {
    if ((bytes[page + 18] ?? 0) !== 4) continue;
    const lower = Math.min(bytes.readUInt16LE(page + 12), PAGE);
    for (let item = FIRST_ITEM; item + 4 <= lower; item += 4) {
      const pointer = bytes.readUInt32LE(page + item);
      const from = pointer & 0x7fff;
      const size = pointer >>> 17;
      if (((pointer >> 15) & 3) !== NORMAL || size < 24 || from + size > PAGE) continue;
      const row = bytes.subarray(page + from, page + from + size);
      const bits = row.readUInt16LE(20);
      const made = bits & (XMIN_COMMITTED | XMIN_INVALID);
      const isAborted = made === 0 ? states.wasAborted(row.readUInt32LE(0)) : made === XMIN_INVALID;
      const end = row.readUInt32LE(4);
      const isEnded = end !== 0 && (bits & (XMAX_INVALID | XMAX_LOCK_ONLY)) === 0;
      const isGone = isEnded && ((bits & XMAX_IS_MULTI) !== 0 || !states.wasAborted(end));
      if (!isAborted && !isGone) yield row.subarray(row[22] ?? size);
    }
  }
}

/** The texts that stand one after the other in a row, from `at` on; null for one that cannot be read, and none behind one that is kept elsewhere. */
export function textsAt(row: Buffer, at: number, count: number): (string | null)[] {
  const texts: (string | null)[] = [];
  let from = at;
  while (texts.length < count) {
    const first = row[from];
    if (first === undefined) return texts;
    // A length in one byte, or in four that begin at a multiple of four (varatt.h).
    const isShort = (first & 1) === 1;
    if (!isShort) from = Math.ceil(from / 4) * 4;
    if (!isShort && from + 4 > row.length) return texts;
    const head = isShort ? first : row.readUInt32LE(from);
    const size = isShort ? head >> 1 : head >>> 2;
    // One byte of 1 leads to another table.
    if (isShort ? size < 1 : size < 4) return [...texts, null];
    if (from + size > row.length) return texts;
    const value = row.subarray(from + (isShort ? 1 : 4), from + size);
    const isPacked = !isShort && (head & 3) === 2;
    texts.push(isPacked ? unpacked(value) : value.toString('latin1'));
    from += size;
  }
  return texts;
}

const LONGEST = 64 * 1024;

/** Packed by pglz (common/pg_lzcompress.c): after a byte eight items, by its bits a byte as it is or how far back to copy from. */
function unpacked(packed: Buffer): string | null {
  const head = packed.length < 4 ? 0 : packed.readUInt32LE(0);
  const length = head & 0x3fffffff;
  if (length === 0 || length > LONGEST || head >>> 30 !== 0) return null;
  const out = Buffer.alloc(length);
  let at = 4;
  let to = 0;
  while (at < packed.length && to < length) {
    let control = packed[at++] ?? 0;
    for (let item = 0; item < 8 && at < packed.length && to < length; item += 1, control >>= 1) {
      const first = packed[at++] ?? 0;
      if ((control & 1) === 0) {
        out[to++] = first;
        continue;
      }
      const back = ((first & 0xf0) << 4) | (packed[at++] ?? 0);
      let count = (first & 0x0f) + 3;
      if (count === 18) count += packed[at++] ?? 0;
      if (back === 0 || back > to) return null;
      for (; count > 0 && to < length; count -= 1, to += 1) out[to] = out[to - back] ?? 0;
    }
  }
  return to === length ? out.toString('latin1') : null;
}

/** A column of type name: 64 bytes, filled up with zeros. */
export function nameAt(row: Buffer, at: number): string {
  const bytes = row.subarray(at, at + 64);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

/** pg_filenode.map (relmapper.c): in which file a table of the catalogue is, by its number. */
export function mappedFile(map: Buffer, table: number): number | null {
  if (map.length < 8 || map.readUInt32LE(0) !== 0x592717) return null;
  const count = Math.min(map.readUInt32LE(4), 64);
  for (let at = 8; at < 8 + count * 8 && at + 8 <= map.length; at += 8)
    if (map.readUInt32LE(at) === table) return map.readUInt32LE(at + 4);
  return null;
}
