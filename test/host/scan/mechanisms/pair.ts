import { createHash } from 'node:crypto';
import type { Finding, Verdict } from '../../../../src/findings/finding.ts';
import { SCAN_SCOPES, type ScanOutcome, type ScanScope } from '../../../../src/findings/scan.ts';
import type { HostFacts } from '../../../../src/host/host.ts';
import { makeTree, scanTree, type TreeEntry } from '../tree.ts';

export type Entries = Readonly<Record<string, TreeEntry>>;

/** A mechanism's real case, planted harmlessly, and what stands beside it and must not be blamed. */
export interface Pair {
  /** What came with a package, and is as it came unless it is given anew in `tree`. */
  readonly packaged?: Entries;
  readonly tree: Entries;
  readonly facts?: Partial<HostFacts>;
  /** What no tree of files can hold (flags, capabilities, processes); returns how to take it back. */
  readonly prepare?: (root: string) => (() => void) | undefined;
  /** Given where a sandbox is looked at instead of a tree: looks, and says what must be found there. */
  readonly look?: () => Promise<Stage>;
  readonly blamed: readonly Blamed[];
  /** Paths, or parts of titles, that may be shown and are not to be blamed. */
  readonly passed: readonly string[];
}

export interface Stage {
  readonly outcome: ScanOutcome;
  readonly blamed: readonly Blamed[];
  readonly passed: readonly string[];
  readonly end: () => Promise<void>;
}

export interface Blamed {
  /** The place it was read at. */
  readonly path: string;
  readonly line?: number;
  /** Where several findings are of one place. */
  readonly title?: string;
  readonly verdict: Verdict;
  /** A reason that must be among those given. */
  readonly code: string;
  /** An ATT&CK id that must be among those given. */
  readonly attack: string;
}

const TOLD_BY_TOOLS: readonly ScanScope[] = ['second-opinion'];

/** Plants it and looks. A host with dpkg, if nothing else is said. */
export async function stage(pair: Pair): Promise<Stage> {
  if (pair.look !== undefined) return pair.look();
  const root = makeTree({ ...dpkgEntries(pair.packaged ?? {}), ...pair.tree });
  const undo = pair.prepare?.(root);
  const facts = { packageManager: 'apt', ...pair.facts } as const;
  const scopes = SCAN_SCOPES.filter((scope) => !TOLD_BY_TOOLS.includes(scope));
  const outcome = await scanTree(root, facts, scopes);
  return { outcome, blamed: pair.blamed, passed: pair.passed, end: async () => undo?.() };
}

function dpkgEntries(packaged: Entries): Entries {
  const hashes = Object.entries<TreeEntry>(packaged).map(([path, entry]) => {
    const text = typeof entry === 'string' ? entry : 'text' in entry ? entry.text : '';
    return `${createHash('md5').update(text).digest('hex')}  ${path.slice(1)}`;
  });
  return {
    ...packaged,
    '/var/lib/dpkg/status': 'Package: stock\nStatus: install ok installed\nVersion: 1\n',
    '/var/lib/dpkg/info/stock.list': `/.\n${Object.keys(packaged).join('\n')}\n`,
    '/var/lib/dpkg/info/stock.md5sums': `${hashes.join('\n')}\n`,
  };
}

export function findingAt(outcome: ScanOutcome, { path, line, title }: Blamed): Finding | undefined {
  return outcome.findings.find(
    (finding) =>
      (title === undefined || finding.title.includes(title)) &&
      finding.places.some((place) => place.path === path && (line === undefined || place.line === line)),
  );
}

/** What is blamed of a neighbour; nothing if all is well. */
export function blameOf(outcome: ScanOutcome, text: string): string[] {
  return outcome.findings
    .filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious')
    .filter(({ title, places }) => title.includes(text) || places.some(({ path }) => path === text))
    .map(
      ({ title, verdict, reasons }) => `${title}: ${verdict}, ${reasons.map(({ code }) => code).join(' ')}`,
    );
}

/** A program by its first bytes; nothing that could be run. */
export function elf(text: string, mode = 0o755): TreeEntry {
  return { text: `\x7fELF${text}`, mode };
}

export function script(text: string): TreeEntry {
  return { text: `#!/bin/sh\n${text}\n`, mode: 0o755 };
}
