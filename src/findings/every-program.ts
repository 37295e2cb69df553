/**
 * Whether a magic at the start of a file, as hex, is that of every program of a host: an ELF header without a word of
 * the processor (`e_machine`, from byte 18 on; elf(5)).
 */
export function coversEveryProgram(magic: string): boolean {
  return magic.startsWith('7f454c46') && magic.length <= 36;
}
