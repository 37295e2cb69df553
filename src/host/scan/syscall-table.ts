import { closeSync, openSync, readSync } from 'node:fs';

/** Where a kernel keeps its system calls, and where all of its own code lies. */
export interface SyscallTable {
  readonly address: bigint;
  readonly count: number;
  readonly textStart: bigint;
  readonly textEnd: bigint;
}

export interface TakenSyscall {
  readonly number: number;
  /** What is called in its place, which is not the kernel’s own code. */
  readonly address: bigint;
}

const MOST_SEGMENTS = 4096;
const LOAD = 1;

/**
 * System calls that lead out of the kernel’s own code, read out of /proc/kcore: an ELF file (elf(5)) whose PT_LOAD
 * headers say which addresses of the running kernel lie where in it. 64 bit, little-endian. Throws what reading does;
 * null if the table is in none of them.
 */
export function readTakenSyscalls(path: string, table: SyscallTable): TakenSyscall[] | null {
  const fd = openSync(path, 'r');
  try {
    const offset = offsetOf(fd, table.address);
    if (offset === null) return null;
    const bytes = Buffer.alloc(table.count * 8);
    if (readSync(fd, bytes, 0, bytes.length, offset) !== bytes.length) return null;
    const taken: TakenSyscall[] = [];
    for (let number = 0; number < table.count; number += 1) {
      const address = bytes.readBigUInt64LE(number * 8);
      if (address !== 0n && (address < table.textStart || address >= table.textEnd))
        taken.push({ number, address });
    }
    return taken;
  } finally {
    closeSync(fd);
  }
}

export interface ModuleRange {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** Where each listed module lies, `NAME SIZE … ADDRESS` of /proc/modules; null where the kernel does not tell that. */
export function moduleRanges(modules: string): ModuleRange[] | null {
  const ranges = modules.split('\n').flatMap((line): ModuleRange[] => {
    const [, name, size, digits] = /^(\S+) (\d+) .* (0x[0-9a-f]{1,16})(?: \(|$)/.exec(line) ?? [];
    if (name === undefined || size === undefined || digits === undefined) return [];
    const start = BigInt(digits);
    return [{ name, start, end: start + BigInt(size) }];
  });
  return ranges.every(({ start }) => start === 0n) ? null : ranges;
}

export function ownerOf(ranges: readonly ModuleRange[] | null, address: bigint): string | null {
  return ranges?.find(({ start, end }) => address >= start && address < end)?.name ?? null;
}

function offsetOf(fd: number, address: bigint): bigint | null {
  const header = Buffer.alloc(64);
  if (readSync(fd, header, 0, 64, 0) !== 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return null;
  const size = header.readUInt16LE(54);
  const count = Math.min(header.readUInt16LE(56), MOST_SEGMENTS);
  if (size < 56 || size > 128) return null;
  const segments = Buffer.alloc(size * count);
  if (readSync(fd, segments, 0, segments.length, header.readBigUInt64LE(32)) !== segments.length) return null;
  for (let at = 0; at < segments.length; at += size) {
    if (segments.readUInt32LE(at) !== LOAD) continue;
    const start = segments.readBigUInt64LE(at + 16);
    if (address >= start && address < start + segments.readBigUInt64LE(at + 32))
      return segments.readBigUInt64LE(at + 8) + (address - start);
  }
  return null;
}
