import { decodeHostBytes } from '../../text/host-bytes.ts';
import { readMounts } from '../mount-table.ts';
import { LISTS, parseFunctionHooks, parseProbes } from './function-hooks.ts';
import type { Gathered } from './gathered.ts';
import { readKernelFile } from './kernel-file.ts';
import { type KernelSymbols, readKernelSymbols } from './kernel-symbols.ts';
import { type Look, note } from './look.ts';
import { markSetting, type SettingOf } from './mark-setting.ts';
import { unclaimedModuleMemory } from './module-memory.ts';
import { readProcWhole } from './proc-read.ts';
import { moduleRanges, ownerOf, readTakenSyscalls } from './syscall-table.ts';

const LIST = '/proc/modules';
const SYMBOLS = '/proc/kallsyms';
const CORE = '/proc/kcore';
const MEMORY = '/proc/vmallocinfo';
const HOOKS = '/sys/kernel/tracing/enabled_functions';
const PROBES = '/sys/kernel/debug/kprobes/list';
/**
 * Tables, and how many calls every kernel since 3.10 has in each (arch/x86/entry/syscalls/*.tbl, asm-generic/unistd.h): what
 * lies behind the last one is not a call, and may be anything.
 */
const CALLS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x64: { sys_call_table: 313, ia32_sys_call_table: 350 },
  arm64: { sys_call_table: 272 },
};
const TABLES = ['sys_call_table', 'ia32_sys_call_table'];
const ADVICE = 'take an image of the memory if you can, trust no listing of this host, and rebuild it';

/** A module that hides from the kernel’s lists, by what it leaves elsewhere: symbols, memory, functions and calls taken over. */
export function enumerateKernelHooks(look: Look, gathered: Gathered): number {
  const modules = readKernelFile(look, LIST);
  // In a container they are those of the machine around it, which loaded-modules.ts says.
  if (modules === null || look.facts.container !== null) return 0;
  const mark = (of: Omit<SettingOf, 'part' | 'advice'>): void =>
    markSetting(look, gathered, { part: 'kernel-settings', advice: ADVICE, ...of });
  const symbols = readKernelSymbols(look.root + SYMBOLS, ['_stext', '_etext', ...TABLES]);
  if (symbols !== null) findTagged(look, symbols, mark);
  findHooks(look, mark);
  findMemory(look, mark);
  if (symbols !== null) findTakenSyscalls(look, symbols, mark);
  return 5;
}

type Mark = (of: Omit<SettingOf, 'part' | 'advice'>) => void;

function listedNow(look: Look): ReadonlySet<string> {
  const lines = (readKernelFile(look, LIST) ?? '').split('\n');
  return new Set(lines.map((line) => line.slice(0, line.indexOf(' '))));
}

/** Whoever leaves only the list is still there by the names of his functions. Asked twice: modules come and go. */
function findTagged(look: Look, symbols: KernelSymbols, mark: Mark): void {
  const listed = listedNow(look);
  const unlisted = [...symbols.modules].filter((name) => !listed.has(name));
  if (unlisted.length === 0) return;
  const again = readKernelSymbols(look.root + SYMBOLS, [])?.modules;
  const listedAgain = listedNow(look);
  for (const name of unlisted)
    if (again?.has(name) && !listedAgain.has(name))
      mark({
        code: 'module-hidden',
        name: `kernel module ${name} (${SYMBOLS})`,
        path: SYMBOLS,
        details: { module: name },
      });
}

function findHooks(look: Look, mark: Mark): void {
  const listed = listedNow(look);
  const hooks = isMounted(look, '/sys/kernel/tracing', 'tracefs') ? readOrNote(look, HOOKS) : null;
  for (const { module, callback, functions } of parseFunctionHooks(hooks ?? ''))
    mark({
      code: 'function-taken',
      name: `functions of the kernel, taken over by ${module ?? callback}`,
      path: HOOKS,
      details: {
        value: functions.slice(0, 8).join(', '),
        by: module ?? callback,
        known: module === null ? 'no' : listed.has(module) ? 'listed' : 'hidden',
        lists: functions.filter((name) => LISTS.test(name)).join(', '),
      },
    });
  const probes = isMounted(look, '/sys/kernel/debug', 'debugfs') ? readKernelFile(look, PROBES) : null;
  const watched = parseProbes(probes ?? '').filter((name) => LISTS.test(name));
  if (watched.length > 0)
    mark({
      code: 'function-probed',
      name: 'probes on functions of the kernel',
      path: PROBES,
      details: { value: watched.slice(0, 8).join(', ') },
    });
}

/** Not for everybody to read, and where the kernel is locked down (kernel_lockdown(7)) not for root either. */
function readOrNote(look: Look, path: string): string | null {
  try {
    return decodeHostBytes(readProcWhole(look.root + path));
  } catch (error) {
    note(look, 'kernel-settings', path, error);
    return null;
  }
}

/** debugfs mounts tracefs when somebody looks into it, which a scan is not to bring about. */
function isMounted(look: Look, point: string, fileSystem: string): boolean {
  if (look.root !== '') return true;
  try {
    return readMounts().some((mount) => mount.point === point && mount.fileSystem === fileSystem);
  } catch {
    return false;
  }
}

function findMemory(look: Look, mark: Mark): void {
  const unclaimed = (): number[] | null => {
    const memory = readOrNote(look, MEMORY);
    return memory === null ? null : unclaimedModuleMemory(memory, readKernelFile(look, LIST) ?? '');
  };
  // One that is being loaded has its memory before it is listed.
  if ((unclaimed() ?? []).length === 0) return;
  const sizes = unclaimed() ?? [];
  if (sizes.length > 0)
    mark({
      code: 'module-memory',
      name: 'memory of a kernel module that no list names',
      path: MEMORY,
      details: { value: `${sizes.length} (${sizes.slice(0, 8).join(', ')} bytes)` },
    });
}

function findTakenSyscalls(look: Look, { addresses, ends }: KernelSymbols, mark: Mark): void {
  const textStart = addresses.get('_stext') ?? 0n;
  const textEnd = addresses.get('_etext') ?? 0n;
  const unknown = (reason: string): void => {
    look.unknowns.push({ scope: 'kernel-settings', what: 'the table of system calls', reason });
  };
  const calls = CALLS[look.facts.architecture];
  if (calls === undefined) return;
  if (!addresses.has('sys_call_table') || !addresses.has('_stext')) return;
  if (textStart === 0n) {
    unknown(
      look.facts.isRoot
        ? 'the kernel tells nobody its addresses (kernel.kptr_restrict)'
        : 'the kernel tells its addresses to root alone; run as root to have it read',
    );
    return;
  }
  for (const [name, most] of Object.entries(calls)) {
    const address = addresses.get(name);
    const end = ends.get(name);
    if (address === undefined || end === undefined) continue;
    const count = Math.min(most, Number((end - address) / 8n));
    try {
      const taken = readTakenSyscalls(look.root + CORE, { address, count, textStart, textEnd });
      if (taken === null || taken.length === 0) continue;
      // Who takes calls over takes a few; otherwise we have read something else.
      if (taken.length > count / 2) {
        unknown(`${CORE} does not show it where ${SYMBOLS} says that it is`);
        continue;
      }
      const ranges = moduleRanges(readKernelFile(look, LIST) ?? '');
      const owners = taken.map(({ address: to }) => ownerOf(ranges, to));
      const numbers = taken.map(({ number }) => number);
      mark({
        code: 'syscall-taken',
        name: `system calls that lead out of the kernel (${name})`,
        path: CORE,
        details: {
          value: numbers.slice(0, 16).join(', '),
          by: [...new Set(owners)].filter((owner) => owner !== null).join(', '),
          isHidden: ranges !== null && owners.includes(null) ? 'yes' : 'no',
        },
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPERM' || code === 'EACCES')
        unknown(`${CORE} may not be read, as where the kernel is locked down`);
      return;
    }
  }
}
