import { access, readFile } from 'node:fs/promises';
import { arch, availableParallelism, hostname, loadavg, totalmem, uptime, userInfo } from 'node:os';
import { UserError } from '../text/user-error.ts';
import { readCloudPlace } from './cloud-place.ts';
import { readContainer } from './container.ts';
import { isInDrill } from './drill-marker.ts';
import { knownHardware } from './hardware.ts';
import type { HostFacts } from './host.ts';
import { preloadFacts } from './preload-file.ts';
import { readResponder, type ToldResponder } from './responder.ts';
import { runTool } from './run-tool.ts';
import { findTool, toolRecord } from './tool-lookup.ts';
import { usableVolumes } from './volumes.ts';

/** What hardly changes while an incident lasts: read once (hashing the tools is what takes long). */
export type LastingFacts = Omit<HostFacts, 'upSeconds' | 'loadAverage' | 'responder'>;

/** Everything about the host that no search is needed for. Our own reading of /proc and /etc comes first. */
export async function readFacts(told: ToldResponder = {}): Promise<HostFacts> {
  const [lasting, passing] = await Promise.all([readLastingFacts(), readPassingFacts(told)]);
  return { ...lasting, ...passing };
}

/** What is true only now: the load, and who is at the keyboard by which connection and processes. */
export async function readPassingFacts(
  told: ToldResponder,
): Promise<Pick<HostFacts, 'upSeconds' | 'loadAverage' | 'responder'>> {
  return {
    upSeconds: Math.floor(uptime()),
    loadAverage: loadavg()[0] ?? 0,
    responder: await readResponder(told),
  };
}

export interface FactsOptions {
  /** For who only wants a line about the host, at once. */
  readonly withoutHardware?: boolean;
}

export async function readLastingFacts(options: FactsOptions = {}): Promise<LastingFacts> {
  if (process.platform !== 'linux') {
    throw new UserError(
      'unsupported-platform',
      `A host that runs ${process.platform} cannot be examined yet.`,
      {
        hint: 'Run tourniquet on the Linux host itself.',
      },
    );
  }
  const [
    distribution,
    kernel,
    bootId,
    isRoot,
    serviceManager,
    firewall,
    packageManager,
    container,
    tools,
    isDrill,
    hardware,
  ] = await Promise.all([
    readDistribution(),
    readLine('/proc/sys/kernel/osrelease'),
    readLine('/proc/sys/kernel/random/boot_id'),
    hasRootRights(),
    readServiceManager(),
    readFirewall(),
    readPackageManager(),
    readContainer(),
    readTools(),
    isInDrill(),
    options.withoutHardware ? null : knownHardware(),
  ]);
  return {
    hostname: hostname(),
    platform: 'linux',
    distribution,
    kernel,
    architecture: arch(),
    bootId,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    isRoot,
    user: ownName(),
    serviceManager,
    firewall,
    packageManager,
    container,
    tools,
    isDrill,
    hardware,
    preload: preloadFacts(),
    volumes: isRoot ? await usableVolumes() : [],
    cloud: isDrill ? null : await readCloudPlace(),
  };
}

/** The tools that operations and scans start, recorded so that a swapped one can be told afterwards. */
const RECORDED_TOOLS = [
  ...['nft', 'iptables', 'ip6tables', 'ip', 'ss', 'ps', 'nsenter', 'unshare', 'mount', 'umount'],
  ...['systemctl', 'loginctl', 'journalctl', 'rc-service', 'rc-update', 'crontab'],
  ...['passwd', 'usermod', 'chage', 'ssh-keygen', 'sshd', 'chattr', 'lsattr', 'getfattr', 'setfattr'],
  ...['apt-get', 'dpkg', 'dpkg-query', 'dnf', 'zypper', 'rpm', 'apk', 'sh', 'tar', 'zstd', 'getent'],
] as const;

async function readTools(): Promise<HostFacts['tools']> {
  const records = await Promise.all(
    RECORDED_TOOLS.map(async (name) => [name, await toolRecord(name)] as const),
  );
  const found: Record<string, { path: string; sha256: string }> = {};
  for (const [name, record] of records) if (record !== null) found[name] = record;
  return found;
}

/** PRETTY_NAME of os-release(5). */
export async function readDistribution(): Promise<string> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const value = /^PRETTY_NAME=(.*)$/m.exec(await readText(path))?.[1];
    if (value) return value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return 'Linux';
}

// capability numbers of linux/capability.h: chown, dac_override, fowner, kill
const ROOT_CAPABILITIES = [0, 1, 3, 5];

/** uid 0 alone is not enough: in a container it may have been stripped of its rights. */
export async function hasRootRights(): Promise<boolean> {
  if (process.geteuid?.() !== 0) return false;
  const effective = /^CapEff:\t([0-9a-f]+)$/m.exec(await readText('/proc/self/status'))?.[1];
  if (effective === undefined) return true;
  const bits = BigInt(`0x${effective}`);
  return ROOT_CAPABILITIES.every((number) => (bits >> BigInt(number)) & 1n);
}

/** systemd counts only if it is really pid 1 (sd_booted(3)); a systemctl without it can only link and unlink. */
async function readServiceManager(): Promise<HostFacts['serviceManager']> {
  const first = await readLine('/proc/1/comm');
  if ((first === 'systemd' || first === 'init') && (await exists('/run/systemd/system'))) return 'systemd';
  if ((await exists('/run/openrc')) && (await findTool('rc-service')) !== null) return 'openrc';
  if ((await findTool('systemctl')) !== null) return 'systemd-offline';
  return (await findTool('rc-service')) === null ? 'none' : 'openrc';
}

/** Whether it works here and now counts, not whether it is installed: rights and kernel modules may lack. */
async function readFirewall(): Promise<HostFacts['firewall']> {
  if (await works(['nft', 'list', 'tables'])) return 'nft';
  return (await works(['iptables', '-w', '5', '-S'])) ? 'iptables' : 'none';
}

async function readPackageManager(): Promise<HostFacts['packageManager']> {
  const [apt, dpkg, zypper, dnf, apk] = await Promise.all(
    ['apt-get', 'dpkg', 'zypper', 'dnf', 'apk'].map(findTool),
  );
  if (apt && dpkg) return 'apt';
  // SUSE has dnf as well, for who likes it; what is installed comes by zypper.
  if (zypper) return 'zypper';
  if (dnf) return 'dnf';
  return apk ? 'apk' : 'none';
}

async function works(argv: readonly string[]): Promise<boolean> {
  return (await runTool(argv, { timeoutMs: 10_000 })).exitCode === 0;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readLine(path: string): Promise<string> {
  return (await readText(path)).trim() || 'unknown';
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
