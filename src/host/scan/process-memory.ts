import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export interface MemoryRange {
  readonly start: number;
  readonly end: number;
}

/** Of /proc/PID/maps (proc_pid_maps(5)) what a program keeps its data in: heap first, then small before large. */
export function dataRanges(maps: string): MemoryRange[] {
  const ranges = maps.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw.p [0-9a-f]+ \S+ 0(?: +(\[heap\]|\[anon[^\]]*\]))?\s*$/.exec(
      line,
    );
    if (match === null) return [];
    const start = Number.parseInt(match[1] ?? '', 16);
    return [{ start, end: Number.parseInt(match[2] ?? '', 16), isHeap: match[3] === '[heap]' }];
  });
  return ranges.toSorted(
    (a, b) => Number(b.isHeap) - Number(a.isHeap) || a.end - a.start - (b.end - b.start),
  );
}

const PIECE = 1024 * 1024;
/** Longer than anything that is looked for. */
const OVERLAP = 1024;

/**
 * Pieces of a process's data as latin-1, each beginning with the end of the one before, up to `limit` bytes.
 * Throws what opening throws; what cannot be read within is passed over.
 */
export function* readMemory(pid: number, limit: number): Generator<string> {
  const ranges = dataRanges(readFileSync(`/proc/${pid}/maps`, 'latin1'));
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    let left = limit;
    for (const { start, end } of ranges) {
      let tail = '';
      for (let at = start; at < end && left > 0; ) {
        const count = tryRead(fd, buffer, Math.min(PIECE, end - at, left), at);
        if (count === 0) break;
        at += count;
        left -= count;
        const text = tail + buffer.toString('latin1', 0, count);
        tail = text.slice(-OVERLAP);
        yield text;
      }
      if (left <= 0) return;
    }
  } finally {
    closeSync(fd);
  }
}

/** Guard pages and ranges unmapped meanwhile answer with an error. */
function tryRead(fd: number, buffer: Buffer, length: number, at: number): number {
  try {
    return readSync(fd, buffer, 0, length, at);
  } catch {
    return 0;
  }
}
