import { createHash } from 'node:crypto';
import type { Finding } from '../../../../src/findings/finding.ts';
import type { ScanOutcome } from '../../../../src/findings/scan.ts';
import { makeTree, scanTree, type TreeEntry } from '../tree.ts';

type Entries = Readonly<Record<string, TreeEntry>>;

export const SCRIPT_MODE = 0o755;

export function script(text: string): TreeEntry {
  return { text: `#!/bin/sh\n${text}\n`, mode: SCRIPT_MODE };
}

/** A host with dpkg: `packaged` came with a package and is as it came (if not given anew in `added`), `added` did not. */
export function makeDebian(packaged: Entries, added: Entries): string {
  const paths = Object.keys(packaged);
  const hashes = paths.map((path) => {
    const entry = packaged[path] ?? '';
    const text = typeof entry === 'string' ? entry : 'text' in entry ? entry.text : '';
    return `${createHash('md5').update(text).digest('hex')}  ${path.slice(1)}`;
  });
  return makeTree({
    ...packaged,
    '/var/lib/dpkg/status': 'Package: stock\n',
    '/var/lib/dpkg/info/stock.list': `/.\n${paths.join('\n')}\n`,
    '/var/lib/dpkg/info/stock.md5sums': `${hashes.join('\n')}\n`,
    ...added,
  });
}

export async function scanDebian(packaged: Entries, added: Entries): Promise<ScanOutcome> {
  return scanTree(makeDebian(packaged, added), { packageManager: 'apt' });
}

/** The finding of a path: the file itself, or lines of it. */
export function at(outcome: ScanOutcome, path: string): Finding | undefined {
  return outcome.findings.find(({ places }) => places[0]?.path === path);
}

export function codesOf(finding: Finding | undefined): string[] {
  return finding?.reasons.map(({ code }) => code) ?? [];
}

/** What stands against a path; a neighbour that is not blamed has 'benign', 'unknown' (to be reviewed) or nothing. */
export function blameOf(outcome: ScanOutcome, path: string): string {
  return at(outcome, path)?.verdict ?? 'not mentioned';
}
