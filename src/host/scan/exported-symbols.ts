/**
 * Names of the functions that an ELF library puts before those of others (elf(5)): the defined symbols of its dynamic
 * table. Read by the program headers, not by the section headers, which a library does not need to have. The table has
 * no length of its own; it ends where the names begin, as every linker lays them out. Empty for what is no 64-bit
 * little-endian ELF file, or not whole.
 */
export function exportedSymbols(bytes: Buffer): string[] {
  try {
    return read(bytes);
  } catch {
    // An offset that leads out of the file.
    return [];
  }
}

const MOST = 20_000;

function read(bytes: Buffer): string[] {
  if (bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return [];
  const headers = programHeaders(bytes);
  const dynamic = headers.find(({ type }) => type === 2);
  if (dynamic === undefined) return [];
  const at = (address: number): number => {
    const segment = headers.find(
      ({ type, from, size }) => type === 1 && address >= from && address < from + size,
    );
    if (segment === undefined) throw new RangeError('not in the file');
    return segment.offset + address - segment.from;
  };
  const tags = new Map<number, number>();
  for (let entry = dynamic.offset; entry < dynamic.offset + dynamic.size; entry += 16)
    tags.set(number(bytes, entry), number(bytes, entry + 8));
  const symbols = tags.get(6);
  const names = tags.get(5);
  if (symbols === undefined || names === undefined || names <= symbols) return [];
  const out: string[] = [];
  const count = Math.min(Math.floor((names - symbols) / 24), MOST);
  for (let index = 1; index < count; index += 1) {
    const symbol = at(symbols) + index * 24;
    if (bytes.readUInt16LE(symbol + 6) === 0) continue;
    const start = at(names + bytes.readUInt32LE(symbol));
    const end = bytes.indexOf(0, start);
    if (end > start && end - start < 256) out.push(bytes.toString('latin1', start, end));
  }
  return out;
}

interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly from: number;
  readonly size: number;
}

function programHeaders(bytes: Buffer): ProgramHeader[] {
  const start = number(bytes, 32);
  const length = bytes.readUInt16LE(54);
  return Array.from({ length: Math.min(bytes.readUInt16LE(56), 64) }, (_, index) => {
    const header = start + index * length;
    return {
      type: bytes.readUInt32LE(header),
      offset: number(bytes, header + 8),
      from: number(bytes, header + 16),
      size: number(bytes, header + 32),
    };
  });
}

function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
