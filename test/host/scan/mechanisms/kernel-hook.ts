import type { Blamed, Pair } from './pair.ts';

const TEXT = 0xffffffff81000000n;
const TABLE = 0xffffffff82000000n;
const OUTSIDE = 0xffffffffc0a01230n;

/** As fs/proc/kcore.c makes it: a header, one segment for the kernel, in which its table lies. */
function core(calls: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(4096 + calls.length * 8);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(2, 56);
  for (const [at, type, offset, address, size] of [
    [64, 4, 0n, 0n, 0n],
    [120, 1, 4096n, TABLE, BigInt(calls.length * 8)],
  ] as const) {
    bytes.writeUInt32LE(type, at);
    bytes.writeBigUInt64LE(offset, at + 8);
    bytes.writeBigUInt64LE(address, at + 16);
    bytes.writeBigUInt64LE(size, at + 32);
  }
  for (const [index, call] of calls.entries()) bytes.writeBigUInt64LE(call, 4096 + index * 8);
  return bytes;
}

const CALLS = [TEXT + 16n, TEXT + 64n, OUTSIDE, TEXT + 96n, 0n];

export const pair: Pair = {
  tree: {
    '/proc/modules':
      'ext4 8192 1 - Live 0x0\nkpatch_cve 4000 1 - Live 0x0 (OEK)\nguard 12288 0 - Live 0xffffffffc0b00000 (OE)\n',
    '/proc/kallsyms': `${[
      `${TEXT.toString(16)} T _stext`,
      `${(TEXT + 4096n).toString(16)} T _etext`,
      `${TABLE.toString(16)} D sys_call_table`,
      `${TABLE.toString(16)} D sys_call_table_alias`,
      `${(TABLE + BigInt(CALLS.length * 8)).toString(16)} R after`,
      'ffffffffc0100000 t ext4_read\t[ext4]',
      'ffffffffc0a01230 t hook_getdents\t[unseen]',
      'ffffffffc0b00000 t bpf_prog_6deef7357e7b4530\t[bpf]',
      'ffffffffc0c00000 t ftrace_trampoline\t[__builtin__ftrace]',
    ].join('\n')}\n`,
    '/proc/kcore': { bytes: core(CALLS) },
    '/proc/vmallocinfo':
      '0x0000000012345678-0x0000000023456789   12288 load_module+0x7e5/0x2ab0 pages=2 vmalloc N0=2\n' +
      '0x0000000023456789-0x0000000034567890    8192 load_module+0x7e5/0x2ab0 pages=1 vmalloc N0=1\n' +
      '0x0000000034567890-0x0000000045678901   16384 load_module+0x7e5/0x2ab0 pages=3 vmalloc N0=3\n' +
      '0x0000000045678901-0x0000000056789012   20480 load_module+0x7e5/0x2ab0 pages=4 vmalloc N0=4\n' +
      '0x0000000056789012-0x0000000067890123    8192 bpf_jit_alloc_exec+0xe/0x20 pages=1 vmalloc N0=1\n',
    '/sys/kernel/tracing/enabled_functions':
      '__x64_sys_getdents64 (1) R I     \ttramp: 0xffffffffc0d00000 (fh_ftrace_thunk+0x0/0x40 [unseen]) ->ftrace_ops_assist_func+0x0/0xf0\n' +
      'tcp4_seq_show (1) R I     M \ttramp: 0xffffffffc0d10000 (0xffffffffc0a04000) ->0xffffffffc0a04000\n' +
      'vfs_open (1) R I     \ttramp: 0xffffffffc0d20000 (guard_thunk+0x0/0x40 [guard])\n' +
      'tcp_v4_rcv (1) R I     \ttramp: 0xffffffffc0d30000 (klp_ftrace_handler+0x0/0x1e0)\n' +
      'bpf_lsm_file_open (1)     D   M \tdirect-->bpf_trampoline_6442/0x1000\n' +
      'schedule (1)       \ttramp: 0xffffffffc0d40000 (function_trace_call+0x0/0x1e0)\n',
    '/sys/kernel/debug/kprobes/list':
      'ffffffff8134a560  k  iterate_dir+0x0    [FTRACE]\nffffffff8134a660  k  do_sys_openat2+0x0    [FTRACE]\n',
  },
  blamed: [
    at('/proc/kallsyms', 'kernel module unseen', 'malicious', 'hidden-module'),
    at('/sys/kernel/tracing/enabled_functions', 'by unseen', 'malicious', 'hidden-module'),
    at('/sys/kernel/tracing/enabled_functions', 'by 0xffffffffc0a04000', 'malicious', 'decides-listing'),
    at('/sys/kernel/tracing/enabled_functions', 'by guard', 'unknown', 'function-taken'),
    at('/proc/vmallocinfo', 'memory of a kernel module', 'unknown', 'module-memory'),
    at('/proc/kcore', 'sys_call_table', 'malicious', 'syscall-taken'),
  ],
  passed: ['klp_ftrace_handler', 'bpf_trampoline', 'function_trace_call', '/sys/kernel/debug/kprobes/list'],
};

function at(path: string, title: string, verdict: Blamed['verdict'], code: string): Blamed {
  return { path, title, verdict, code, attack: 'T1014' };
}
