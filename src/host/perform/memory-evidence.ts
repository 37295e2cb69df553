import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { EvidenceWriter } from '../host.ts';

/** A part of a process's memory as /proc/PID/maps names it (proc_pid_maps(5)). */
export interface MemoryRegion {
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  /** A path, `[heap]`, `[stack]`, …; empty for an anonymous mapping. */
  readonly name: string;
}

/** What was kept of a region: `at` is where it begins in the file of all kept regions. */
export interface KeptRegion extends MemoryRegion {
  readonly at: number;
  readonly keptBytes: number;
}

/**
 * The regions worth keeping, most telling first: code that no file stands behind (unpacked or injected), heap, stack,
 * anonymous data (small before large: configurations and keys are small, a miner's scratch pad is not), then what a
 * program writes into its own data. Code and constants of files are left out: the files are in the evidence.
 */
export function tellingRegions(maps: string): MemoryRegion[] {
  return maps
    .split('\n')
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) (r\S{3}) [0-9a-f]+ \S+ (\d+) *(.*)$/.exec(line);
      if (match === null) return [];
      const [, start = '', end = '', permissions = '', inode = '', name = ''] = match;
      const region = {
        start: Number.parseInt(start, 16),
        end: Number.parseInt(end, 16),
        permissions,
        name,
      };
      const rank = rankOf(region, inode === '0');
      return rank === null ? [] : [{ region, rank }];
    })
    .sort((a, b) => a.rank - b.rank || sizeOf(a.region) - sizeOf(b.region))
    .map(({ region }) => region);
}

function rankOf({ permissions, name }: MemoryRegion, isAnonymous: boolean): number | null {
  // Devices answer reads with effects; the kernel's own pages say nothing.
  if (/^\[v(?:var|dso|syscall)/.test(name) || name.startsWith('/dev/')) return null;
  const isNameless = isAnonymous || name.startsWith('/memfd:') || name.endsWith(' (deleted)');
  if (permissions[2] === 'x') return isNameless ? 0 : null;
  if (name === '[heap]') return 1;
  if (name.startsWith('[stack')) return 2;
  if (permissions[1] !== 'w') return null;
  return isNameless ? 3 : 4;
}

const PIECE_BYTES = 1024 * 1024;

/** Writes regions one after the other, up to `maxBytes` in all. What cannot be read within is left out and shows in `keptBytes`. */
export async function copyMemory(
  pid: number,
  maxBytes: number,
  open: () => Promise<EvidenceWriter>,
  signal?: AbortSignal,
): Promise<{ readonly regions: readonly KeptRegion[]; readonly leftOutBytes: number } | null> {
  const regions = tellingRegions(readFileSync(`/proc/${pid}/maps`, 'latin1'));
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const writer = await open();
    const kept: KeptRegion[] = [];
    let [at, leftOutBytes] = [0, 0];
    for (const region of regions) {
      const begun = at;
      for (let place = region.start; place < region.end && at < maxBytes; ) {
        signal?.throwIfAborted();
        const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, region.end - place, maxBytes - at));
        const count = tryRead(fd, piece, place);
        if (count === 0) break;
        await writer.write(piece.subarray(0, count));
        at += count;
        place += count;
      }
      if (at > begun) kept.push({ ...region, at: begun, keptBytes: at - begun });
      leftOutBytes += sizeOf(region) - (at - begun);
    }
    return { regions: kept, leftOutBytes };
  } finally {
    closeSync(fd);
  }
}

function sizeOf({ start, end }: MemoryRegion): number {
  return end - start;
}

/** Guard pages and regions that are gone meanwhile answer with an error. */
function tryRead(fd: number, buffer: Buffer, place: number): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, place);
  } catch {
    return 0;
  }
}
