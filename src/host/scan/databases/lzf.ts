/**
 * What LibLZF has packed (lzf_d.c): a byte below 32 is followed by that many bytes and one more; any other says how far
 * back to copy from and how much. null if it is not of that form, or does not come to `length` bytes.
 */
export function unpackLzf(packed: Uint8Array, length: number): Buffer | null {
  const out = Buffer.alloc(length);
  let at = 0;
  let to = 0;
  while (at < packed.length) {
    const control = packed[at++] ?? 0;
    if (control < 32) {
      const end = at + control + 1;
      if (end > packed.length || to + control + 1 > length) return null;
      out.set(packed.subarray(at, end), to);
      to += control + 1;
      at = end;
      continue;
    }
    let count = control >> 5;
    if (count === 7) count += packed[at++] ?? 0;
    let from = to - ((control & 31) << 8) - (packed[at++] ?? 0) - 1;
    count += 2;
    if (from < 0 || to + count > length) return null;
    // What is copied may be what the copy itself has just written.
    for (; count > 0; count -= 1) out[to++] = out[from++] ?? 0;
  }
  return to === length ? out : null;
}
