/** One entry of a bucket: a value, or a bucket of its own. */
export type BoltEntry =
  | { readonly key: string; readonly value: Buffer }
  | { readonly key: string; readonly bucket: BoltBucket };

export interface BoltBucket {
  entries(): Generator<BoltEntry>;
}

const MAGIC = 0xed0cdaed;
const HEADER_BYTES = 16;
const BRANCH = 0x01;
const LEAF = 0x02;
const MOST_PAGES = 20_000;

/**
 * Reads a database of bbolt, which containerd keeps its containers in, as its pages lie in the file (go.etcd.io/bbolt,
 * internal/common/{page,meta,bucket}.go; little-endian). Only reads; of two meta pages the younger whole one counts, as
 * after a crash. Throws RangeError for what is no such database or leads nowhere, so a hostile file ends nothing but this.
 */
export function openBolt(bytes: Buffer): BoltBucket {
  const metas = [0, bytes.length > 0 ? pageSizeOf(bytes) : 0].flatMap((at) => metaAt(bytes, at) ?? []);
  const meta = metas.toSorted((a, b) => Number(b.transaction - a.transaction))[0];
  if (meta === undefined) throw new RangeError('it is no bolt database');
  const budget = { pages: MOST_PAGES };

  /** A page of the file, or one that stands in a value. */
  function* entriesOf(page: Buffer, depth: number): Generator<BoltEntry> {
    budget.pages -= 1;
    if (budget.pages < 0 || depth > 32) throw new RangeError('its pages lead in circles');
    const kind = page.readUInt16LE(8);
    const count = page.readUInt16LE(10);
    for (let index = 0; index < count; index += 1) {
      const element = HEADER_BYTES + index * 16;
      if (kind === BRANCH) yield* entriesOf(pageAt(page.readBigUInt64LE(element + 8)), depth + 1);
      else if (kind === LEAF) yield leafEntry(page, element, depth);
      else throw new RangeError('a page of it is of no known kind');
    }
  }

  function leafEntry(page: Buffer, element: number, depth: number): BoltEntry {
    const from = element + page.readUInt32LE(element + 4);
    const split = from + page.readUInt32LE(element + 8);
    const value = page.subarray(split, split + page.readUInt32LE(element + 12));
    const key = page.toString('latin1', from, split);
    return (page.readUInt32LE(element) & 1) === 0
      ? { key, value }
      : { key, bucket: { entries: () => bucketEntries(value, depth + 1) } };
  }

  /** Small buckets lie in their value, behind its header; the others begin at the page that it names. */
  function* bucketEntries(value: Buffer, depth: number): Generator<BoltEntry> {
    const root = value.readBigUInt64LE(0);
    yield* entriesOf(root === 0n ? value.subarray(16) : pageAt(root), depth);
  }

  function pageAt(number: bigint): Buffer {
    const from = Number(number) * (meta?.pageSize ?? 0);
    if (from + HEADER_BYTES > bytes.length) throw new RangeError('a page of it lies behind its end');
    return bytes.subarray(from);
  }

  return { entries: () => entriesOf(pageAt(meta.root), 0) };
}

interface Meta {
  readonly pageSize: number;
  readonly root: bigint;
  readonly transaction: bigint;
}

function pageSizeOf(bytes: Buffer): number {
  const size = bytes.readUInt32LE(HEADER_BYTES + 8);
  return size >= 512 && size <= 65_536 ? size : 4096;
}

function metaAt(bytes: Buffer, at: number): Meta | null {
  const from = at + HEADER_BYTES;
  if (from + 64 > bytes.length || bytes.readUInt32LE(from) !== MAGIC) return null;
  if (checksum(bytes.subarray(from, from + 56)) !== bytes.readBigUInt64LE(from + 56)) return null;
  return {
    pageSize: bytes.readUInt32LE(from + 8),
    root: bytes.readBigUInt64LE(from + 16),
    transaction: bytes.readBigUInt64LE(from + 48),
  };
}

/** FNV-1a of 64 bits (Go's hash/fnv). */
function checksum(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
