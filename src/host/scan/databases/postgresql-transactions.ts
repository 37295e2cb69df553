/** Whether a transaction was taken back, as far as the disk knows. */
export interface Transactions {
  readonly wasAborted: (number: number) => boolean;
}

/** Of each transaction two bits, in files of 256 KiB (access/transam/clog.c). */
const IN_A_FILE = 1024 * 1024;
const ABORTED = 2;

/** `read`: a file of pg_xact by its name; each is read once. */
export function transactionsOf(read: (name: string) => Buffer | null): Transactions {
  const files = new Map<number, Buffer | null>();
  return {
    wasAborted: (number) => {
      const file = Math.floor(number / IN_A_FILE);
      if (!files.has(file)) files.set(file, read(file.toString(16).toUpperCase().padStart(4, '0')));
      const at = number % IN_A_FILE;
      const byte = files.get(file)?.[at >> 2] ?? 0;
      return ((byte >> ((at & 3) * 2)) & 3) === ABORTED;
    },
  };
}
