import { readFileSync } from 'node:fs';
import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, statHere } from './look.ts';
import type { Ownership } from './owning.ts';

const FOLDERS = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];
/** What has a use for huge pages: databases, virtual machines, packet processing. */
const USERS_OF_HUGE_PAGES = [
  '/var/lib/postgresql',
  '/var/lib/pgsql',
  '/var/lib/mysql',
  '/var/lib/libvirt/qemu',
  '/u01/app/oracle',
  '/opt/oracle',
  '/etc/oratab',
  '/var/opt/mssql',
  '/var/lib/mongodb',
  '/var/lib/mongo',
  '/etc/dpdk',
  '/opt/couchbase',
  '/etc/pve',
];

/** What is on this host that has a use for huge pages; undefined if nothing is. */
export function hugePagesUser(look: Look): string | undefined {
  return USERS_OF_HUGE_PAGES.find((path) => statHere(look, path) !== null);
}

/** As the running kernel has it, beside what the file says. */
function currentOf(name: string): { readonly current?: string } {
  try {
    const text = readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'latin1');
    return { current: text.trim().split(/\s+/).join(' ') };
  } catch {
    return {};
  }
}

/** Lines of sysctl.conf(5) that tune the kernel for what miners do, or have it start a program. */
export async function enumerateKernelSettings(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const files = ['/etc/sysctl.conf'];
  for (const folder of FOLDERS) {
    for (const name of listFolder(look, 'kernel-settings', folder))
      if (name.endsWith('.conf')) files.push(`${folder}/${name}`);
  }
  const user = hugePagesUser(look);
  let seen = 0;
  for (const path of files) {
    const of = { scope: 'kernel-settings', path, role: 'kernel-setting' } as const;
    const count = await gatherLines(look, gathered, ownership, of, (text) => {
      const match = /^\s*-?\s*([\w./-]+)\s*=\s*(.*?)\s*$/.exec(text);
      if (match === null) return null;
      const name = (match[1] ?? '').replaceAll('/', '.');
      const value = match[2] ?? '';
      if (!/^(vm\.nr_hugepages|kernel\.(nmi_watchdog|core_pattern|modprobe|hotplug|watchdog))$/.test(name))
        return null;
      const started = name === 'kernel.core_pattern' ? /^\|\s*(\S.*)/.exec(value)?.[1] : undefined;
      const isProgram = name === 'kernel.modprobe' || name === 'kernel.hotplug';
      const command = started ?? (isProgram ? value : undefined);
      return {
        details: {
          name,
          value,
          ...(look.root === '' ? currentOf(name) : {}),
          ...(user === undefined ? {} : { user }),
        },
        ...(command === undefined || command === '' ? {} : { command }),
      };
    });
    seen += count ?? 0;
  }
  return seen;
}
