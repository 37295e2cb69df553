import { readFileSync } from 'node:fs';
import type { OperationOf } from '../../operations/operation.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { HostError } from '../host-error.ts';
import { runTool } from '../run-tool.ts';
import { LIST_UPDATES, parseUpdates } from '../scan/packages-zypper.ts';

/** What differs between package managers in installing updates. */
export interface PackageManager {
  /** Must be there; absolute paths are not needed, they are looked up. */
  readonly tool: string;
  /** Constant text for /bin/sh with the names as "$@": renew the lists, then upgrade. Exit 75: the lists are old. */
  readonly script: string;
  /** Installed versions by name; of all packages for no names. Packages that are not installed are left out. */
  versions(names: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Names that could be newer still, as far as the lists on this host know; null if it cannot be told. */
  pending(names: readonly string[]): Promise<readonly string[] | null>;
  /** How far a line of its output says it is. */
  progress(line: string): { readonly done?: number; readonly total?: number; readonly isOneMore?: boolean };
  /** What a person types to go back to a version. */
  downgrade(name: string, version: string): string;
}

/** EX_TEMPFAIL of sysexits.h. */
export const LISTS_ARE_OLD = 75;

const apt: PackageManager = {
  tool: 'apt-get',
  // Configuration files that somebody has changed are kept; a dpkg that was cut off before is finished first.
  script: `
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l APT_LISTCHANGES_FRONTEND=none
set -- -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 "$@"
dpkg --force-confdef --force-confold --configure -a || exit
apt-get -q -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=300 update; lists=$?
if [ $# -gt 8 ]; then apt-get install --only-upgrade "$@"; else apt-get upgrade "$@"; fi || exit
[ $lists -eq 0 ] || exit ${LISTS_ARE_OLD}
`,
  async versions(names) {
    const listed = await runTool([
      'dpkg-query',
      '-W',
      '-f',
      // dpkg-query's own placeholders (dpkg-query(1), -f), not ours.
      '${Package}\\t${Version}\\t${db:Status-Status}\\n',
      '--',
      ...names,
    ]);
    return toRecord(decodeHostBytes(listed.stdout), (fields) => fields[2] === 'installed');
  },
  async pending(names) {
    const words = names.length === 0 ? ['upgrade'] : ['install', '--only-upgrade', ...names];
    const planned = await runTool(['apt-get', '-s', '-q', '-o', 'Debug::NoLocking=true', ...words]);
    if (planned.exitCode !== 0) return null;
    return matches(planned.stdout, /^Inst (\S+) \[/gm);
  },
  progress(line) {
    const counts = /^(\d+) upgraded, (\d+) newly installed/.exec(line);
    if (counts) return { done: 0, total: Number(counts[1]) + Number(counts[2]) };
    return { isOneMore: line.startsWith('Setting up ') };
  },
  downgrade: (name, version) => `apt-get install --allow-downgrades ${name}=${version}`,
};

const dnf: PackageManager = {
  tool: 'dnf',
  script: `
if [ $# -gt 0 ]; then dnf -y --refresh upgrade "$@"; else dnf -y --refresh upgrade; fi
`,
  async versions(names) {
    const words = names.length === 0 ? ['-qa'] : ['-q'];
    const listed = await runTool([
      'rpm',
      ...words,
      '--qf',
      '%{NAME}\\t%{EVR}\\tinstalled\\n',
      ...(names.length === 0 ? [] : ['--', ...names]),
    ]);
    return toRecord(decodeHostBytes(listed.stdout), (fields) => fields[2] === 'installed');
  },
  async pending(names) {
    const checked = await runTool(['dnf', '-q', '-C', 'check-update', ...names], { timeoutMs: 120_000 });
    if (checked.exitCode === 0) return [];
    return checked.exitCode === 100 ? matches(checked.stdout, /^(\S+)\.[^.\s]+\s+\S+\s+\S+$/gm) : null;
  },
  progress(line) {
    const [, done, total] = /^\s*(?:Upgrading|Installing)\s*:.*\s(\d+)\/(\d+)\s*$/.exec(line) ?? [];
    return done === undefined ? {} : { done: Number(done), total: Number(total) };
  },
  downgrade: (name, version) => `dnf downgrade ${name}-${version.replace(/^0:/, '')}`,
};

const apk: PackageManager = {
  tool: 'apk',
  script: `
apk update; lists=$?
if [ $# -gt 0 ]; then apk add --upgrade "$@"; else apk upgrade; fi || exit
[ $lists -eq 0 ] || exit ${LISTS_ARE_OLD}
`,
  async versions(names) {
    const all: Record<string, string> = {};
    // apk's own database: records of `P:name` and `V:version` lines (apk-package(5), installed).
    for (const record of readFileSync('/lib/apk/db/installed', 'utf8').split('\n\n')) {
      const name = /^P:(.*)$/m.exec(record)?.[1];
      const version = /^V:(.*)$/m.exec(record)?.[1];
      if (name && version && (names.length === 0 || names.includes(name))) all[name] = version;
    }
    return all;
  },
  async pending(names) {
    const listed = await runTool(['apk', '--no-network', 'version', '-l', '<', ...names]);
    if (listed.exitCode !== 0) return null;
    return matches(listed.stdout, /^(\S+)-\d\S* +< /gm);
  },
  progress(line) {
    const [, done, total] = /^\((\d+)\/(\d+)\) /.exec(line) ?? [];
    return done === undefined ? {} : { done: Number(done), total: Number(total) };
  },
  downgrade: (name, version) => `apk add ${name}=${version}`,
};

/** 102: a reboot is needed; 103: it has upgraded itself and wants to be started again; 106: a repository was passed over (zypper(8)). */
const zypper: PackageManager = {
  tool: 'zypper',
  script: `
zypper --non-interactive refresh; lists=$?
for turn in 1 2 3; do
  if [ $# -gt 0 ]; then zypper --non-interactive --no-refresh update -- "$@"; else zypper --non-interactive --no-refresh update; fi
  code=$?
  [ $code -eq 103 ] || break
done
case $code in 0|102|103) ;; 106) lists=106 ;; *) exit $code ;; esac
[ $lists -eq 0 ] || exit ${LISTS_ARE_OLD}
`,
  versions: dnf.versions,
  async pending(names) {
    const listed = await runTool(LIST_UPDATES, { timeoutMs: 120_000 });
    if (listed.exitCode !== 0) return null;
    const waiting = parseUpdates(decodeHostBytes(listed.stdout)).map(({ name }) => name);
    return names.length === 0 ? waiting : waiting.filter((name) => names.includes(name));
  },
  progress(line) {
    const [, done, total] = /^\((\d+)\/(\d+)\) Installing: /.exec(line) ?? [];
    return done === undefined ? {} : { done: Number(done), total: Number(total) };
  },
  downgrade: (name, version) => `zypper install --oldpackage ${name}=${version.replace(/^0:/, '')}`,
};

export const PACKAGE_MANAGERS = { apt, dnf, zypper, apk } as const;

/** @throws Error for that of Windows, which is dealt with by host/windows/. */
export function packageManager(name: OperationOf<'upgrade-packages'>['manager']): PackageManager {
  if (name === 'windows-update') throw new HostError('Windows Update is not on this host');
  return PACKAGE_MANAGERS[name];
}

function toRecord(text: string, isWanted: (fields: readonly string[]) => boolean): Record<string, string> {
  const rows = text.split('\n').map((line) => line.split('\t'));
  return Object.fromEntries(rows.filter(isWanted).map(([name = '', version = '']) => [name, version]));
}

function matches(bytes: Uint8Array, pattern: RegExp): readonly string[] {
  return [...decodeHostBytes(bytes).matchAll(pattern)].map(([, name = '']) => name);
}
