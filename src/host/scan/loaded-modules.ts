import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { Gathered } from './gathered.ts';
import { readKernelFile } from './kernel-file.ts';
import { type Look, linesOf, listFolder, readBytes, resolve, statHere } from './look.ts';
import { markSetting } from './mark-setting.ts';
import type { Ownership } from './owning.ts';
import { ROOTKIT_MODULES } from './starts/module-lists.ts';

const LIST = '/proc/modules';
const DEP_LIMIT = 16 * 1024 * 1024;

interface Loaded {
  readonly name: string;
  /** Letters of Documentation/admin-guide/tainted-kernels.rst: O is not of this kernel, E is not signed. */
  readonly taints: string;
}

/** Modules in the running kernel: where each came from, what the kernel says of them, and whether all are listed. */
export async function enumerateLoadedModules(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const text = readKernelFile(look, LIST);
  // A kernel without loadable modules has no such file.
  if (text === null) return 0;
  if (look.facts.container !== null) {
    const reason = 'in a container the kernel’s modules are those of the machine around it';
    look.unknowns.push({ scope: 'kernel-settings', what: 'loaded modules', reason });
    return 0;
  }
  const loaded = parseModules(text);
  await judgeFiles(look, gathered, ownership, loaded);
  findUnlisted(look, gathered, new Set(loaded.map(({ name }) => name)));
  explainTaint(look, gathered, loaded);
  return loaded.length;
}

/** `NAME SIZE USES USERS STATE ADDRESS (TAINTS)` of proc(5). */
function parseModules(text: string): Loaded[] {
  return linesOf(text).flatMap((line) => {
    const name = /^(\S+) \d+ /.exec(line)?.[1];
    return name === undefined ? [] : [{ name, taints: /\(([A-Z]+)[+-]?\)\s*$/.exec(line)?.[1] ?? '' }];
  });
}

async function judgeFiles(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  loaded: readonly Loaded[],
): Promise<void> {
  const files = moduleFiles(look);
  if (files === null) {
    const reason = `/lib/modules/${look.facts.kernel} lists no modules, so where they came from is not known`;
    if (loaded.length > 0) look.unknowns.push({ scope: 'kernel-settings', what: 'loaded modules', reason });
  }
  const owners = await ownership.owners([...(files?.values() ?? [])].map(ofUsr));
  for (const { name, taints } of loaded) {
    const path = files?.get(name);
    const owner = path === undefined ? undefined : owners.get(ofUsr(path));
    const isForeign = /[OE]/.test(taints);
    const add = (code: 'module-rootkit' | 'module-without-file' | 'module-unowned', place: string): void =>
      markSetting(look, gathered, {
        part: 'kernel-settings',
        code,
        name: `kernel module ${name}`,
        path: place,
        ...(owner === undefined ? {} : { package: owner }),
        details: { module: name, value: taints, isForeign: isForeign ? 'yes' : 'no' },
        advice:
          'do not unload it: what a module hides can break the kernel; keep a copy, and rebuild the host',
      });
    if (ROOTKIT_MODULES.has(name))
      add('module-rootkit', path === undefined ? LIST : (resolve(look, path) ?? path));
    else if (files !== null && path === undefined) add('module-without-file', LIST);
    // What is built on this host (DKMS and the like) lies in folders of its own.
    else if (
      path !== undefined &&
      owner === null &&
      isForeign &&
      !/\/(updates|extra|dkms|weak-updates)\//.test(path)
    )
      add('module-unowned', resolve(look, path) ?? path);
  }
}

/** By name, as depmod(8) has listed them; null if there is no list. */
function moduleFiles(look: Look): Map<string, string> | null {
  const root = `/lib/modules/${look.facts.kernel}`;
  const file = readBytes(look, 'kernel-settings', `${root}/modules.dep`, DEP_LIMIT);
  if (file === null) return null;
  const files = new Map<string, string>();
  for (const line of linesOf(decodeHostBytes(file.bytes))) {
    const path = /^([^:]+):/.exec(line)?.[1];
    const name = path
      ?.replace(/^.*\//, '')
      .replace(/\.ko(\.\w+)?$/, '')
      .replaceAll('-', '_');
    if (path !== undefined && name) files.set(name, path.startsWith('/') ? path : `${root}/${path}`);
  }
  return files;
}

function ofUsr(path: string): string {
  return path.replace(/^\/lib\//, '/usr/lib/');
}

/** Only a module that was loaded has an `initstate`; what is built in has none (Documentation/ABI/testing/sysfs-module). */
function findUnlisted(look: Look, gathered: Gathered, listed: ReadonlySet<string>): void {
  for (const name of listFolder(look, 'kernel-settings', '/sys/module')) {
    if (listed.has(name) || statHere(look, `/sys/module/${name}/initstate`) === null) continue;
    // It may have been loaded a moment ago.
    if (linesOf(readKernelFile(look, LIST) ?? '').some((line) => line.startsWith(`${name} `))) continue;
    markSetting(look, gathered, {
      part: 'kernel-settings',
      code: 'module-hidden',
      name: `kernel module ${name}`,
      path: `/sys/module/${name}`,
      details: { module: name },
      advice: 'take an image of the memory if you can, and rebuild the host',
    });
  }
}

const OUT_OF_TREE = 1 << 12;
const UNSIGNED = 1 << 13;

/** The kernel remembers that a foreign module was loaded, whether it is still listed or not. */
function explainTaint(look: Look, gathered: Gathered, loaded: readonly Loaded[]): void {
  const path = '/proc/sys/kernel/tainted';
  const value = Number(readKernelFile(look, path) ?? 0);
  const isTainted = (value & (OUT_OF_TREE | UNSIGNED)) !== 0;
  if (!isTainted || loaded.some(({ taints }) => /[OE]/.test(taints))) return;
  markSetting(look, gathered, {
    part: 'kernel-settings',
    code: 'taint-unexplained',
    name: 'kernel.tainted',
    path,
    details: { value: String(value) },
    advice: 'look in dmesg and the journal for “loading out-of-tree module”, with its name',
  });
}
