import { closeSync, openSync, readSync } from 'node:fs';

/** What /proc/kallsyms is read for (kernel/kallsyms.c): `ADDRESS TYPE NAME`, and `[MODULE]` behind what is not the kernel’s own. */
export interface KernelSymbols {
  /** Modules that have symbols. */
  readonly modules: ReadonlySet<string>;
  /** Of the names asked for; 0 where the kernel does not tell addresses (kptr_restrict). */
  readonly addresses: ReadonlyMap<string, bigint>;
  /** First address after the symbol of that name that is another. */
  readonly ends: ReadonlyMap<string, bigint>;
}

/** Not modules: what the kernel makes up for its own (ftrace, kprobes, programs of BPF). */
const NO_MODULES: ReadonlySet<string> = new Set(['bpf', '__builtin__ftrace', '__builtin__kprobes']);
const PIECE = 256 * 1024;
/** A kernel with all its symbols has 15 MiB of them. */
const MOST_BYTES = 64 * 1024 * 1024;

/** In pieces, since it has no size and is large; null if it cannot be read. */
export function readKernelSymbols(path: string, names: readonly string[]): KernelSymbols | null {
  const modules = new Set<string>();
  const addresses = new Map<string, bigint>();
  const ends = new Map<string, bigint>();
  const take = (text: string): void => {
    for (let at = text.indexOf('\t['); at >= 0; at = text.indexOf('\t[', at + 2)) {
      const name = text.slice(at + 2, text.indexOf(']', at));
      if (!modules.has(name) && !NO_MODULES.has(name)) modules.add(name);
    }
    for (const name of names) {
      const at = ends.has(name) ? -1 : text.indexOf(` ${name}\n`);
      if (at < 0) continue;
      const address = addressAt(text, text.lastIndexOf('\n', at) + 1);
      addresses.set(name, address);
      let next = text.indexOf('\n', at) + 1;
      while (next > 0 && next < text.length && addressAt(text, next) === address)
        next = text.indexOf('\n', next) + 1;
      // A line that the piece cuts off would give half an address.
      if (next > 0 && text.includes('\n', next)) ends.set(name, addressAt(text, next));
    }
  };
  try {
    const fd = openSync(path, 'r');
    try {
      const piece = Buffer.allocUnsafe(PIECE);
      let held = 0;
      for (let total = 0; total < MOST_BYTES; ) {
        const count = readSync(fd, piece, held, PIECE - held, null);
        held += count;
        total += count;
        if (count > 0 && held < PIECE) continue;
        // The last lines stay for the next piece, so that what follows a name is there too.
        const end = count === 0 ? held : piece.lastIndexOf(10, held - KEPT) + 1;
        take(piece.toString('latin1', 0, held));
        piece.copyWithin(0, end, held);
        held -= end;
        if (count === 0 || end === 0) break;
      }
    } finally {
      closeSync(fd);
    }
    return { modules, addresses, ends };
  } catch {
    return null;
  }
}

const KEPT = 8 * 1024;

function addressAt(text: string, at: number): bigint {
  const digits = /^[0-9a-f]{1,16}/.exec(text.slice(at, at + 16))?.[0] ?? '0';
  return BigInt(`0x${digits}`);
}
