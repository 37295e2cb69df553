import type { PackageSubject } from '../../findings/finding.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { completeDnf, LIST_UPGRADES, parseDnf } from './packages-dnf.ts';
import { LIST_UPDATES, markSecurity, parseUpdates } from './packages-zypper.ts';

const ASK = {
  apt: [
    'apt-get',
    '-s',
    '-q',
    '-o',
    'Debug::NoLocking=true',
    '-o',
    'APT::Get::Show-User-Simulation-Note=false',
    // Without these it writes the log of its planner, and its cache where that is out of date (apt.conf(5)).
    '-o',
    'Dir::Log::Planner=/dev/null',
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
    'dist-upgrade',
  ],
  dnf: LIST_UPGRADES,
  zypper: LIST_UPDATES,
  apk: ['apk', '--no-network', 'version', '-l', '<'],
} as const;

/** Updates that wait, by the package manager's own lists as they are on the host: nothing is fetched. */
export async function enumeratePackages(look: Look, gathered: Gathered): Promise<number> {
  const manager = look.facts.packageManager;
  if (manager === 'none') {
    look.unknowns.push({
      scope: 'packages',
      what: 'pending updates',
      reason: 'no package manager that is known here (apt, dnf, zypper, apk)',
    });
    return 0;
  }
  if (look.root !== '') return 0;
  const result = await runTool(ASK[manager], {
    timeoutMs: 60_000,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  if (result.exitCode !== 0) {
    const reason =
      result.failedToStart ??
      (result.timedOut ? 'it did not answer in time' : firstLine(decodeHostBytes(result.stderr)));
    look.unknowns.push({ scope: 'packages', what: `pending updates (${ASK[manager][0]})`, reason });
    return 0;
  }
  const pending = PARSE[manager](decodeHostBytes(result.stdout));
  const complete = manager === 'zypper' ? markSecurity : manager === 'dnf' ? completeDnf : null;
  gathered.packages.push(...(complete === null ? pending : await complete(look, pending)));
  return gathered.packages.length;
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? 'it failed without saying why';
}

const PARSE: Readonly<
  Record<Exclude<PackageSubject['manager'], 'windows-update'>, (text: string) => PackageSubject[]>
> = {
  apt: parseApt,
  dnf: parseDnf,
  zypper: parseUpdates,
  apk: parseApk,
};

/** `Inst openssl [3.0.15-1] (3.0.16-1 Debian-Security:12/stable-security [amd64])`; nothing in `[]` if it is new. */
export function parseApt(text: string): PackageSubject[] {
  return [...text.matchAll(/^Inst (\S+) \[([^\]]+)\] \((\S+) ([^)]*)\)/gm)].map((match) => ({
    kind: 'package',
    manager: 'apt',
    name: match[1] ?? '',
    installed: match[2] ?? '',
    available: match[3] ?? '',
    isSecurity: /security/i.test(match[4] ?? ''),
  }));
}

/** `busybox-1.36.1-r5   < 1.36.1-r7` */
export function parseApk(text: string): PackageSubject[] {
  return [...text.matchAll(/^(\S+?)-(\d\S*-r\d+)\s+<\s+(\S+)/gm)].map((match) => ({
    kind: 'package',
    manager: 'apk',
    name: match[1] ?? '',
    installed: match[2] ?? '',
    available: match[3] ?? '',
    isSecurity: false,
  }));
}
