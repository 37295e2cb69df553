const HEADER_64 = 64;
const HEADER_32 = 52;
const LITTLE_ENDIAN = 1;
const INTERPRETER = 3;
const DYNAMIC = 2;

/**
 * How a program is put together, by the head of its file (elf(5)). 'packed': UPX’s mark stands behind its program headers (l_info
 * of UPX’s p_unix.h), or it needs no library and has no table of sections, as is left where somebody has wiped that mark out.
 * 'static': it needs no library. null for every other, and for what is no whole program.
 */
export function elfBuild(head: Buffer): 'packed' | 'static' | null {
  const is64 = head[4] === 2;
  if (head.length < (is64 ? HEADER_64 : HEADER_32) || head[5] !== LITTLE_ENDIAN) return null;
  const start = is64 ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const [size, count, , sections] = [0, 2, 4, 6].map((at) => head.readUInt16LE((is64 ? 54 : 42) + at));
  const end = start + (size ?? 0) * (count ?? 0);
  if (!count || !size || end > head.length) return null;
  if (head.subarray(end, end + 16).includes('UPX!')) return 'packed';
  for (let at = start; at < end; at += size) {
    const type = head.readUInt32LE(at);
    if (type === INTERPRETER || type === DYNAMIC) return null;
  }
  return sections === 0 ? 'packed' : 'static';
}
