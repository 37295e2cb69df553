import { existsSync } from 'node:fs';
import type { Operation } from '../../operations/operation.ts';
import { RELOADS, type ReloadName } from '../../operations/reloads.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import { noteFolderTimes, restoringFolderTimes } from './folder-times.ts';
import { hangUpSshd } from './ssh-daemon.ts';

/**
 * Has what read a file once read it anew, after the change and after its undo. The file itself is changed by then, so
 * a tool that is missing or fails is said and is no failure of the change. Returns what to add to the message: empty
 * for nothing to reload.
 */
export async function reloadAfter(names: readonly ReloadName[] | undefined): Promise<string> {
  const notes: string[] = [];
  for (const name of names ?? []) notes.push(await reload(name));
  return notes.map((note) => `; ${note}`).join('');
}

/** What goes by what an operation changes, and has to be told. */
export function readersOf(operation: Operation): readonly ReloadName[] {
  if ('reload' in operation) return operation.reload ?? [];
  return operation.kind === 'disable-unit' && operation.user === null ? ['systemd'] : [];
}

interface Way {
  readonly argv: readonly [string, ...string[]];
  /** It is tried only where this is there. */
  readonly ifThere?: string;
  /** And only where this unit runs. */
  readonly ifActive?: string;
}

interface Reload {
  /** Tried in this order: the first whose tool is there. */
  readonly ways: readonly Way[];
  readonly done: string;
  /** What holds as long as it is not reloaded. */
  readonly otherwise: string;
  /** Must succeed first: what refuses its configuration would not come up again. */
  readonly check?: readonly [string, ...string[]];
  /** Without this there is nothing that could have read the file; then nothing is said to be missing. */
  readonly needs?: string;
  /** Where no service manager has it: tells it itself. null: it does not run; else what went wrong, or ''. */
  readonly byItself?: () => string | null;
  /** Milliseconds; left out: {@link MOST_MS}. */
  readonly withinMs?: number;
  /** Made anew in its folder, whose time is left as it was: it is part of the scene. */
  readonly writes?: string;
}

/** Each of them is silent for as long as it takes, and the host is given up after ten minutes (limited-host.ts). */
const MOST_MS = 100_000;
const PACKS_WITHIN_MS = 7 * 60_000;

const REDOING: Readonly<Record<ReloadName, Reload>> = {
  udev: {
    ways: [{ argv: ['udevadm', 'control', '--reload'] }],
    done: 'udev goes by its rules as they are now',
    otherwise: 'udev may go by the rules as they were',
    needs: '/run/udev/control',
  },
  grub: {
    ways: [
      { argv: ['update-grub'], ifThere: '/boot/grub/grub.cfg' },
      { argv: ['grub2-mkconfig', '-o', '/boot/grub2/grub.cfg'], ifThere: '/boot/grub2/grub.cfg' },
      { argv: ['grub-mkconfig', '-o', '/boot/grub/grub.cfg'], ifThere: '/boot/grub/grub.cfg' },
    ],
    done: 'the boot menu was written anew',
    otherwise: 'the boot menu is as it was and counts at the next start',
  },
  initramfs: {
    ways: [{ argv: ['update-initramfs', '-u'] }, { argv: ['dracut', '--force'] }, { argv: ['mkinitfs'] }],
    done: 'the initramfs was packed anew',
    otherwise: 'the initramfs is as it was and counts at the next start',
    withinMs: PACKS_WITHIN_MS,
  },
  systemd: {
    ways: [{ argv: ['systemctl', '--no-ask-password', 'daemon-reload'] }],
    done: 'systemd read its units anew',
    otherwise: 'systemd goes by the units as they were',
    needs: '/run/systemd/system',
  },
  sysctl: {
    ways: [{ argv: ['sysctl', '--system'] }, { argv: ['sysctl', '-p'] }],
    done: 'the kernel was given the settings as they are now (what no file names any more stays as it is)',
    otherwise: 'the running kernel has the settings as they were',
  },
  linker: {
    // -X: without it symlinks would be made for every library that lies about (ldconfig(8)).
    ways: [{ argv: ['ldconfig', '-X'] }],
    done: 'the linker’s cache was written anew',
    otherwise: 'the linker’s cache is as it was',
    needs: '/etc/ld.so.cache',
    writes: '/etc/ld.so.cache',
  },
  redis: service('restart', ['redis-server', 'redis', 'valkey-server']),
  docker: service('restart', ['docker']),
  kubelet: service('restart', ['kubelet']),
  jenkins: service('restart', ['jenkins']),
  postgresql: service('reload', ['postgresql']),
  sshd: { ...service('reload', ['ssh', 'sshd'], ['sshd', '-t']), byItself: hangUpSshd },
};

/** A service by the units and scripts that it goes by; what is not started by them cannot be restarted for sure. */
function service(verb: 'restart' | 'reload', names: readonly string[], check?: Reload['check']): Reload {
  return {
    ways: [
      ...names.map(
        (name): Way => ({
          argv: ['systemctl', '--no-ask-password', verb, `${name}.service`],
          ifThere: '/run/systemd/system',
          ifActive: name,
        }),
      ),
      ...names.map((name): Way => ({ argv: ['service', name, verb], ifThere: `/etc/init.d/${name}` })),
      ...names.map((name): Way => ({ argv: ['rc-service', name, verb], ifThere: '/run/openrc' })),
    ],
    done: `${names[0]} was ${verb === 'restart' ? 'started anew' : 'told'} and goes by the file as it is now`,
    otherwise: `${names[0]} goes by the file as it was until it is ${verb}ed`,
    ...(check === undefined ? {} : { check }),
  };
}

async function isActive(unit: string): Promise<boolean> {
  const asked = await runTool(['systemctl', 'is-active', '--quiet', `${unit}.service`]);
  return asked.exitCode === 0;
}

async function reload(name: ReloadName): Promise<string> {
  const { ways, done, otherwise, needs, check, writes, byItself, withinMs = MOST_MS } = REDOING[name];
  // Nobody has read it, so nobody has to read it again.
  if (needs !== undefined && !existsSync(needs)) return `nothing runs here that has read it (${name})`;
  if (check !== undefined && (await findTool(check[0])) !== null) {
    const tested = await runTool(check, { timeoutMs: 10_000 });
    if (tested.exitCode !== 0)
      return `${otherwise}: it would refuse the file as it is now (${toolFailure(check[0], tested)}). Take the change back`;
  }
  for (const { argv, ifThere, ifActive } of ways) {
    if ((ifThere !== undefined && !existsSync(ifThere)) || (await findTool(argv[0])) === null) continue;
    if (ifActive !== undefined && !(await isActive(ifActive))) continue;
    const times = writes === undefined ? [] : noteFolderTimes([writes]);
    const result = await restoringFolderTimes(times, () => runTool(argv, { timeoutMs: withinMs }));
    return result.exitCode === 0
      ? done
      : `${otherwise}: ${toolFailure(argv[0], result)}. By hand: ${RELOADS[name].join('; ')}`;
  }
  const problem = byItself?.();
  if (problem === '') return done;
  if (problem === null) return `nothing runs here that has read it (${name})`;
  const tools = [...new Set(ways.map(({ argv }) => argv[0]))].join(', ');
  return `${otherwise}: ${RELOADS[name].join('; ')} does it by hand (none of ${tools} fits here)`;
}
