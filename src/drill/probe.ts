import { readFileSync } from 'node:fs';
import { runTool } from '../host/run-tool.ts';
import { findTool } from '../host/tool-lookup.ts';

/** Whether a sandbox can be had here, and if not, why and what to do. */
export interface SandboxProbe {
  readonly ok: boolean;
  /** `user`: by way of a user namespace; less can be practised (no cron daemon, no other accounts, no chattr). */
  readonly mode: 'root' | 'user';
  readonly reason?: string;
  readonly hint?: string;
}

/** Tools that a sandbox is built from, with the package that has them where they are missing. */
const NEEDED: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux (setpriv on Alpine)',
  setsid: 'util-linux',
  flock: 'util-linux',
  mount: 'mount (Debian) or util-linux',
  umount: 'mount (Debian) or util-linux',
  pivot_root: 'util-linux',
  ip: 'iproute2 (Debian), iproute (Fedora)',
  bash: 'bash',
};

/** Tries the namespaces once, harmlessly; takes some 10 ms. */
export async function probeSandbox(): Promise<SandboxProbe> {
  const mode = process.getuid?.() === 0 ? 'root' : 'user';
  if (process.platform !== 'linux') {
    return {
      ok: false,
      mode,
      reason: 'A drill needs Linux namespaces; this is not Linux.',
      hint: 'Run it on a Linux machine.',
    };
  }
  const missing = await missingTools();
  if (missing.length > 0) {
    return {
      ok: false,
      mode,
      reason: `A drill is built with ${missing.join(', ')}, not found in /usr/sbin:/usr/bin:/sbin:/bin.`,
      hint: `Install ${[...new Set(missing.map((name) => NEEDED[name]))].join(', ')}.`,
    };
  }
  const tried = await runTool([
    'unshare',
    ...(mode === 'user' ? ['--user', '--map-root-user'] : []),
    ...['--mount', '--pid', '--fork', '--net', '--uts', '--ipc', '--cgroup', '--mount-proc', 'true'],
  ]);
  if (tried.exitCode === 0) return { ok: true, mode };
  const said = tried.stderr.toString().trim();
  if (/busybox|unrecognized option/i.test(said)) {
    return {
      ...{ ok: false, mode },
      reason: 'The `unshare` here does not know all kinds of namespaces (that of BusyBox does not).',
      hint: 'Install the real one; on Alpine: apk add util-linux util-linux-misc setpriv mount umount iproute2 bash',
    };
  }
  return { ok: false, mode, ...explain(mode, said) };
}

/** Names of needed tools that are not on this machine. */
export async function missingTools(): Promise<string[]> {
  const found = await Promise.all(
    Object.keys(NEEDED).map(async (name) => [name, await findTool(name)] as const),
  );
  return found.filter(([, path]) => path === null).map(([name]) => name);
}

/** Why namespaces were refused; the settings are those of Ubuntu's AppArmor, of Debian up to 10, and of the kernel. */
function explain(mode: 'root' | 'user', said: string): { reason: string; hint: string } {
  const isProc = /mount.*proc/i.test(said);
  if (mode === 'root') {
    return isProc
      ? {
          reason: `A fresh /proc cannot be mounted (${said}); in a container parts of /proc are masked, and the kernel then refuses a whole one.`,
          hint: 'Run the drill on the machine itself or in a virtual machine, or start the container with --privileged.',
        }
      : {
          reason: `Namespaces cannot be made although this is root (${said}); most containers take that right away.`,
          hint: 'Run the drill on the machine itself or in a virtual machine, or start the container with --privileged.',
        };
  }
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return {
      reason: 'AppArmor keeps ordinary users from user namespaces here (Ubuntu 24.04 and later do so).',
      hint: 'Run the drill as root, or allow it until the next boot: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    };
  }
  if (setting('kernel/unprivileged_userns_clone') === '0') {
    return {
      reason: 'User namespaces are switched off for ordinary users here.',
      hint: 'Run the drill as root, or allow it until the next boot: sudo sysctl kernel.unprivileged_userns_clone=1',
    };
  }
  if (setting('user/max_user_namespaces') === '0') {
    return {
      reason: 'The number of user namespaces is limited to none here.',
      hint: 'Run the drill as root, or allow it until the next boot: sudo sysctl user.max_user_namespaces=10000',
    };
  }
  return {
    reason: isProc
      ? `A fresh /proc cannot be mounted (${said}); in a container parts of /proc are masked, and the kernel then refuses a whole one.`
      : `Namespaces cannot be made by an ordinary user here (${said || 'no reason given'}).`,
    hint: 'Run the drill as root on the machine itself or in a virtual machine.',
  };
}

function setting(name: string): string | null {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return null;
  }
}
