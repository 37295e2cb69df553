import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFunctionHooks, parseProbes } from '../../../src/host/scan/function-hooks.ts';
import { readKernelSymbols } from '../../../src/host/scan/kernel-symbols.ts';
import { unclaimedModuleMemory } from '../../../src/host/scan/module-memory.ts';
import { readProcWhole } from '../../../src/host/scan/proc-read.ts';
import { moduleRanges, ownerOf } from '../../../src/host/scan/syscall-table.ts';
import { makeTree, scanTree } from './tree.ts';

describe('the symbols of a kernel', () => {
  it('are those of listed modules alone, in the kernel that runs here', () => {
    const symbols = readKernelSymbols('/proc/kallsyms', ['_stext', '_etext']);
    const modules = existsSync('/proc/modules') ? readFileSync('/proc/modules', 'latin1') : '';
    const listed = new Set(modules.split('\n').map((line) => line.split(' ')[0]));
    expect([...(symbols?.modules ?? [])].filter((name) => !listed.has(name))).toEqual([]);
    expect(symbols?.addresses.has('_stext')).toBe(true);
    if (process.getuid?.() === 0)
      expect(
        unclaimedModuleMemory(readProcWhole('/proc/vmallocinfo').toString('latin1'), modules) ?? [],
      ).toEqual([]);
  });

  it('are found wherever a piece of the file ends', () => {
    const root = makeTree({});
    const path = join(root, 'kallsyms');
    const filler = 'ffffffff81000010 t some_function\n';
    for (let shift = 0; shift < 3; shift += 1) {
      const before = 'x'.repeat(shift) + filler.repeat(Math.floor((256 * 1024) / filler.length));
      writeFileSync(
        path,
        `${before}ffffffff81000020 T wanted\nffffffff81000020 T same\nffffffff81000040 T next\nffffffffc0000000 t f\t[far]\n`,
      );
      const symbols = readKernelSymbols(path, ['wanted']);
      expect(symbols?.addresses.get('wanted')).toBe(0xffffffff81000020n);
      expect(symbols?.ends.get('wanted')).toBe(0xffffffff81000040n);
      expect([...(symbols?.modules ?? [])]).toEqual(['far']);
    }
  });
});

describe('what a kernel does not tell', () => {
  const scan = (symbols: string) =>
    scanTree(makeTree({ '/proc/modules': '', '/proc/kallsyms': symbols }), { isRoot: true }, [
      'kernel-settings',
    ]);

  it('is said to be unknown where it hides its addresses', async () => {
    const { unknowns, findings } = await scan(
      '0000000000000000 T _stext\n0000000000000000 D sys_call_table\n',
    );
    expect(unknowns.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('kptr_restrict'));
    expect(findings).toEqual([]);
  });

  it('is not asked for where it has no such names', async () => {
    const { unknowns } = await scan('ffffffff81000000 T _stext\n');
    expect(unknowns.filter(({ what }) => what.includes('system calls'))).toEqual([]);
  });
});

it('says nothing of memory where modules have several areas each, as since 6.4', () => {
  const areas = '0x1-0x2 8192 move_module+0x1/0x2\n0x3-0x4 12288 move_module+0x1/0x2\n';
  expect(unclaimedModuleMemory(areas, 'ext4 12288 0 - Live 0x0\n')).toBeNull();
  expect(unclaimedModuleMemory(areas, '')).toEqual([8192, 12288]);
});

it('leaves alone what tracing and probing leave in the lists, and reads lines that are cut', () => {
  expect(
    parseFunctionHooks(
      'schedule (2) R        \ndo_exit (1) R   \ttramp: 0x1 (kprobe_ftrace_handler+0x0/0x1)\nx (',
    ),
  ).toEqual([]);
  expect(parseFunctionHooks('vfs_read [fs] (2) R I\n')).toEqual([]);
  expect(
    parseProbes('c015d71a  k  vfs_read+0x0\nc03dedc5  r  tcp_v4_rcv+0x0 [OPTIMIZED]\nnonsense\n'),
  ).toEqual(['vfs_read', 'tcp_v4_rcv']);
});

it('knows which module a call leads to, where the kernel tells addresses', () => {
  const modules = 'guard 8192 0 - Live 0xffffffffc0b00000 (OE)\next4 4096 1 jbd2, Live 0xffffffffc0a00000\n';
  const ranges = moduleRanges(modules);
  expect(ownerOf(ranges, 0xffffffffc0b01fffn)).toBe('guard');
  expect(ownerOf(ranges, 0xffffffffc0a00000n)).toBe('ext4');
  expect(ownerOf(ranges, 0xffffffffc0b02000n)).toBeNull();
  expect(moduleRanges('guard 8192 0 - Live 0x0000000000000000 (OE)\n')).toBeNull();
});
