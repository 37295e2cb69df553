/** Arguments in as few calls as their bytes allow; one that is too long by itself goes alone. */
export function inBatches(words: readonly string[], mostBytes: number): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const word of words) {
    const size = Buffer.byteLength(word) + 1;
    if (batch.length > 0 && bytes + size > mostBytes) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(word);
    bytes += size;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}
