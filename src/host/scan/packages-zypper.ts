import type { PackageSubject } from '../../findings/finding.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Look } from './look.ts';

const QUIETLY = ['zypper', '--xmlout', '--non-interactive', '--no-refresh'] as const;

/** What waits, by the repositories as they were last read (zypper(8)). */
export const LIST_UPDATES = [...QUIETLY, 'list-updates'] as const;

/** Security fixes come as patches that need packages: what the solver would upgrade for them is what they are about. */
const SECURITY = [...QUIETLY, 'patch', '--category', 'security', '--dry-run'] as const;

/** From here on zypper's exit codes tell something about a run that went well (zypper(8), EXIT CODES). */
const FIRST_NOTICE = 100;

/** Says which of them a security patch is about; where that cannot be told, none is called one. */
export async function markSecurity(
  look: Look,
  packages: readonly PackageSubject[],
): Promise<readonly PackageSubject[]> {
  if (packages.length === 0) return packages;
  const planned = await runTool(SECURITY, {
    timeoutMs: 60_000,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  if (planned.exitCode === null || (planned.exitCode !== 0 && planned.exitCode < FIRST_NOTICE)) {
    look.unknowns.push({
      scope: 'packages',
      what: 'which updates are about security (zypper patch)',
      reason:
        planned.failedToStart ?? `zypper could not plan them (exit ${planned.exitCode ?? 'by a signal'})`,
    });
    return packages;
  }
  const names = parseUpgrades(decodeHostBytes(planned.stdout));
  return packages.map((one) => ({ ...one, isSecurity: names.has(one.name) }));
}

/**
 * `<update kind="package" name="bash" edition="5.3.15-8.1" arch="x86_64" edition-old="5.3.15-7.1">`, in any order of attributes
 * (zypper's src/update.cc; earlier versions say `type` for `kind`).
 */
export function parseUpdates(xml: string): PackageSubject[] {
  return elements(xml, 'update').flatMap((attributes): PackageSubject[] => {
    const { name, edition } = attributes;
    if (!isPackage(attributes) || name === undefined || edition === undefined) return [];
    const installed = attributes['edition-old'] ?? '';
    return [{ kind: 'package', manager: 'zypper', name, installed, available: edition, isSecurity: false }];
  });
}

/** Names of the packages in `<to-upgrade>` of a plan (zypper's src/Summary.cc, dumpAsXmlTo). */
export function parseUpgrades(xml: string): ReadonlySet<string> {
  const part = /<to-upgrade>([\s\S]*?)<\/to-upgrade>/.exec(xml)?.[1] ?? '';
  return new Set(
    elements(part, 'solvable').flatMap((one) => (isPackage(one) && one.name !== undefined ? [one.name] : [])),
  );
}

type Attributes = Readonly<Partial<Record<string, string>>>;

function isPackage({ kind, type }: Attributes): boolean {
  return (kind ?? type) === 'package';
}

/** Their attributes. Names and versions of packages hold nothing that XML would have to write otherwise. */
function elements(xml: string, name: string): Attributes[] {
  return [...xml.matchAll(new RegExp(`<${name}\\s([^>]*)>`, 'g'))].map(([, text = '']) =>
    Object.fromEntries(
      [...text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key = '', a, b]) => [
        key,
        a ?? b,
      ]),
    ),
  );
}
