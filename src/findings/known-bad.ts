import { normalise } from './command-reading.ts';
import type { Finding, Verdict } from './finding.ts';
import type { ObservedFile } from './observation.ts';

/** What the rounds of judging have found so far; entries, processes and files are judged by each other. */
export interface KnownBad {
  /** Real path → title of the finding. */
  readonly files: ReadonlyMap<string, string>;
  /** pid → title. */
  readonly processes: ReadonlyMap<number, string>;
  readonly suspectProcesses: ReadonlyMap<number, string>;
  /** pid of a parent → title of its malicious child. */
  readonly parents: ReadonlyMap<number, string>;
  /** Session → title of a malicious process in it. */
  readonly sessions: ReadonlyMap<number, string>;
  /** Folder that holds little else → title of the malicious program in it. */
  readonly folders: ReadonlyMap<string, string>;
  /** Unit name → title. */
  readonly units: ReadonlyMap<string, string>;
  /** Address → what names it. */
  readonly addresses: ReadonlyMap<string, NamedBy>;
  /** Real path → what started or names it. */
  readonly wanted: ReadonlyMap<string, WantedFile>;
  /** Inode-change times of the files that malicious entries are in, ns. */
  readonly bursts: readonly bigint[];
  /** Whether anything on the host is malicious. */
  readonly hasMalicious: boolean;
}

/** The finding that names an address: its title, and where and whose it is. */
export type NamedBy = Pick<Finding, 'title' | 'places' | 'owner' | 'times'>;

export interface WantedFile {
  readonly path: string;
  /** Ids of the malicious findings that lead to it. */
  readonly by: readonly string[];
  readonly title: string;
  readonly use: 'run' | 'written' | 'named' | 'executable' | 'preloaded';
  readonly ctimeNs: string | null;
  /** How sure the one that leads to it is. */
  readonly verdict: Verdict;
}

export const NOTHING_KNOWN: KnownBad = {
  files: new Map(),
  processes: new Map(),
  suspectProcesses: new Map(),
  parents: new Map(),
  sessions: new Map(),
  folders: new Map(),
  units: new Map(),
  addresses: new Map(),
  wanted: new Map(),
  bursts: [],
  hasMalicious: false,
};

/** Nothing is known that could change how anything else is judged. */
export function isNothing(known: KnownBad): boolean {
  const { hasMalicious, bursts, ...maps } = known;
  return !hasMalicious && bursts.length === 0 && Object.values(maps).every(({ size }) => size === 0);
}

const BURST_NS = 10n * 60n * 1_000_000_000n;

/** Whether something changed within ten minutes of a malicious entry. */
export function isInBurst(ctimeNs: string, bursts: readonly bigint[]): boolean {
  const at = BigInt(ctimeNs);
  return bursts.some((burst) => (burst > at ? burst - at : at - burst) < BURST_NS);
}

/**
 * Whether a file came with a malicious entry. Whoever names somebody's file in a bad line can touch it too: only what
 * was made at that time came with it, where the file system says when that was.
 */
export function cameWith(file: Pick<ObservedFile, 'ctimeNs' | 'bornNs'>, bursts: readonly bigint[]): boolean {
  return isInBurst(file.ctimeNs, bursts) && (file.bornNs === undefined || isInBurst(file.bornNs, bursts));
}

export function realPathOf(path: string, files: ReadonlyMap<string, ObservedFile>): string {
  return files.get(path)?.realPath ?? normalise(path);
}

export function isVouchedFor(file: ObservedFile | undefined): boolean {
  return typeof file?.package === 'string' && file.integrity !== 'changed';
}
