import type { PackageSubject } from '../../findings/finding.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Look } from './look.ts';

/** What waits, by the repositories as they were last read (dnf(8), `-C`). */
export const LIST_UPGRADES = ['dnf', '-C', '-q', 'list', '--upgrades'] as const;

/** `openssl.x86_64   1:3.0.7-28.el9   baseos`; the installed version is not in it. */
export function parseDnf(text: string): PackageSubject[] {
  return [...text.matchAll(/^(\S+)\.(?:\w+)\s+(\S*\d\S*)\s+(\S+)\s*$/gm)].map((match) => ({
    kind: 'package',
    manager: 'dnf',
    name: match[1] ?? '',
    installed: '',
    available: match[2] ?? '',
    isSecurity: /security/i.test(match[3] ?? ''),
  }));
}

/** With what is installed now, by rpm, and which of them an advisory calls a security fix (dnf(8), `--security`). */
export async function completeDnf(
  look: Look,
  packages: readonly PackageSubject[],
): Promise<readonly PackageSubject[]> {
  if (packages.length === 0) return packages;
  const options = { timeoutMs: 60_000, ...(look.signal ? { signal: look.signal } : {}) };
  const names = packages.map(({ name }) => name);
  const [secure, listed] = await Promise.all([
    runTool([...LIST_UPGRADES, '--security'], options),
    // One that several architectures have is there several times: the newest line stands for all.
    runTool(['rpm', '-q', '--qf', '%{NAME}\\t%{EVR}\\n', '--', ...names], options),
  ]);
  const installed = new Map(
    decodeHostBytes(listed.stdout)
      .split('\n')
      .map((line) => line.split('\t'))
      .flatMap(([name = '', version]) => (version === undefined ? [] : [[name, version] as const])),
  );
  const fixes = new Set(parseDnf(decodeHostBytes(secure.stdout)).map(({ name }) => name));
  // With nothing to list it says so and fails.
  const hasNone = /No matching packages/i.test(decodeHostBytes(secure.stderr));
  if (secure.exitCode !== 0 && !hasNone)
    look.unknowns.push({
      scope: 'packages',
      what: 'which updates are about security (dnf list --security)',
      reason: secure.failedToStart ?? `dnf could not tell them (exit ${secure.exitCode ?? 'by a signal'})`,
    });
  return packages.map((one) => ({
    ...one,
    installed: installed.get(one.name) ?? '',
    isSecurity: one.isSecurity || fixes.has(one.name),
  }));
}
