import type { Look } from './look.ts';
import { lookInside, type SeenProcess } from './look.ts';
import { readManifest, withoutLines } from './manifest.ts';
import { C2, POOL, STARTS_FILE } from './places.ts';
import type { Sandbox } from './sandbox-handle.ts';
import { BASELINE_ROOTS } from './scenario.ts';
import type { FileState, Manifest, Ordinary, Trace } from './scene.ts';

export interface DrillScore {
  readonly scenario: string;
  readonly seed: number;
  /** How many traces of the infection the runner's findings named; null if it was not told. */
  readonly found: Tally | null;
  /** Whether neither the pool nor the C2 server can be reached from inside now. */
  readonly contained: boolean;
  readonly evicted: Tally;
  /** Starts of the miner after the first: by whom, and when (ms since the epoch). */
  readonly cameBack: readonly { readonly by: string; readonly at: number }[];
  /** Ordinary things that are gone or not as they were. */
  readonly damaged: readonly DrillPlace[];
  /** Parts of the infection that are still there. */
  readonly missed: readonly DrillPlace[];
  readonly minutes: number;
  /** All of the infection is gone and all of the ordinary is as it was. */
  readonly isWon: boolean;
  /** What could not be practised here. */
  readonly notes: readonly string[];
}

export interface Tally {
  readonly done: number;
  readonly of: number;
}

export interface DrillPlace {
  readonly what: string;
  readonly place: string;
  /** What is wrong with it, for damage. */
  readonly detail?: string;
}

export interface ScoreOptions {
  /** Paths (of files, lines, the executables of processes) that findings named as malicious or suspicious. */
  readonly foundPaths?: readonly string[];
}

/**
 * Looks at the sandbox itself, through its own script, and compares with what was planted; what the runner believes
 * does not enter. Takes some 0.1 s, and 0.4 s more if the pool is blocked.
 */
export async function scoreDrill(sandbox: Sandbox, options: ScoreOptions = {}): Promise<DrillScore> {
  const manifest = readManifest(sandbox.folder);
  const seen = await lookInside(sandbox, {
    files: [...manifest.infection, ...manifest.ordinary].flatMap((each) =>
      'path' in each ? [each.path] : [],
    ),
    texts: [
      STARTS_FILE,
      ...manifest.infection.flatMap((each) => (each.kind === 'line' ? [each.path] : [])),
      ...manifest.ordinary.flatMap((each) => (each.kind === 'text' ? [each.path] : [])),
    ],
    roots: BASELINE_ROOTS,
    connects: [
      [POOL.address, POOL.port],
      [C2.address, C2.port],
    ],
  });
  const missed = manifest.infection.flatMap((trace) => missedTrace(trace, seen, manifest));
  const damaged = [
    ...manifest.ordinary.flatMap((each) => damage(each, seen)),
    ...damagedBaseline(manifest, seen),
  ];
  const total = manifest.infection.length;
  const left = manifest.infection.filter((trace) => missedTrace(trace, seen, manifest).length > 0).length;
  return {
    scenario: manifest.scenario,
    seed: manifest.seed,
    found: options.foundPaths === undefined ? null : tallyFound(manifest, options.foundPaths),
    contained: !seen.reach.includes(true),
    evicted: { done: total - left, of: total },
    cameBack: laterStarts(seen.texts[STARTS_FILE] ?? ''),
    damaged,
    missed,
    minutes: (Date.now() - manifest.infectedAt) / 60_000,
    isWon: missed.length === 0 && damaged.length === 0,
    notes: manifest.notes,
  };
}

function missedTrace(trace: Trace, seen: Look, manifest: Manifest): DrillPlace[] {
  if (trace.kind === 'process') {
    return seen.processes
      .filter((each) => isIts(each, trace.part, manifest))
      .map((each) => ({ what: trace.what, place: `process ${each.pid}: ${each.commandLine.slice(0, 80)}` }));
  }
  if (trace.kind === 'mount')
    return seen.mountsOver.includes(trace.path) ? [{ what: trace.what, place: trace.place }] : [];
  const isThere =
    trace.kind === 'file'
      ? isThereWithContents(seen.files[trace.path] ?? null)
      : (seen.texts[trace.path] ?? '').split('\n').includes(Buffer.from(trace.text).toString('latin1'));
  return isThere ? [{ what: trace.what, place: trace.place }] : [];
}

/** Of a file whose lines were all taken out nothing is left to do harm. */
function isThereWithContents(state: FileState | null): boolean {
  return state !== null && !(state.kind === 'file' && state.sizeBytes === 0);
}

/** By its command line too, because its file may have been moved; a stopped miner is still one, a zombie is not. */
function isIts(process: SeenProcess, part: string | undefined, manifest: Manifest): boolean {
  if (part !== undefined) return process.state !== 'Z' && process.part === part;
  const { wallet, folder } = manifest.miner;
  const isMiner = (process.exe ?? '').startsWith(`${folder}/`) || process.commandLine.includes(wallet);
  return process.state !== 'Z' && isMiner;
}

function damage(ordinary: Ordinary, seen: Look): DrillPlace[] {
  const detail = whatIsWrong(ordinary, seen);
  return detail === null ? [] : [{ what: ordinary.what, place: ordinary.place, detail }];
}

function whatIsWrong(ordinary: Ordinary, seen: Look): string | null {
  if (ordinary.kind === 'process') {
    const now = seen.processes.find((each) => each.pid === ordinary.pid && each.start === ordinary.start);
    if (now === undefined || now.state === 'Z') return 'does not run any more';
    return now.state === 'T' ? 'is stopped' : null;
  }
  const now = seen.files[ordinary.path] ?? null;
  if (now === null) return 'is gone';
  if (ordinary.kind === 'file') return differences(ordinary.state, now);
  const text = withoutLines(seen.texts[ordinary.path] ?? '', ordinary.badLines);
  if (text !== ordinary.cleanText) {
    const lines = new Set(text.split('\n'));
    const lost = ordinary.cleanText.split('\n').filter((line) => !lines.has(line));
    return lost.length > 0 ? `lost: ${lost.join(' | ')}` : 'its other lines changed';
  }
  // Contents, size and time differ once the bad lines are taken out; the rest must not.
  return differences(ordinary.state, { ...now, ...pick(ordinary.state) });
}

function pick(state: FileState): Pick<FileState, 'sha256' | 'sizeBytes' | 'mtimeNs'> {
  return { sha256: state.sha256, sizeBytes: state.sizeBytes, mtimeNs: state.mtimeNs };
}

/** What differs between two states of a file, in words; null: nothing. */
export function differences(before: FileState, now: FileState): string | null {
  const words: Readonly<Partial<Record<keyof FileState, string>>> = {
    kind: 'is something else now',
    sha256: 'contents changed',
    target: 'points elsewhere',
    mode: 'mode changed',
    uid: 'owner changed',
    gid: 'group changed',
    mtimeNs: 'modification time changed',
    attributes: 'attributes changed',
  };
  const changed = (Object.keys(words) as (keyof FileState)[]).filter((key) => before[key] !== now[key]);
  return changed.length === 0 ? null : changed.map((key) => words[key]).join(', ');
}

/** What resetting keys, accounts and packages may change. */
const MAY_CHANGE =
  /^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)(-|$)|^\/etc\/\.pwd\.lock$|^\/etc\/ssh\/ssh_host_|^\/etc\/ld\.so\.cache$|^\/etc\/(apt|ssl|alternatives|mtab)(\/|$)|_history$/;

function damagedBaseline(manifest: Manifest, seen: Look): DrillPlace[] {
  return Object.entries(manifest.baseline)
    .filter(([path, state]) => seen.tree[path] !== state && !MAY_CHANGE.test(path))
    .map(([path]) => ({
      what: 'file of the machine itself',
      place: path,
      detail: seen.tree[path] === undefined ? 'is gone' : 'changed',
    }));
}

/** All but the intrusion itself. */
function laterStarts(starts: string): { by: string; at: number }[] {
  return starts
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
    .filter(([, , by]) => by !== 'intrusion')
    .map(([at, , by]) => ({ by: by ?? 'unknown', at: Number(at) * 1000 }));
}

function tallyFound(manifest: Manifest, paths: readonly string[]): Tally {
  const named = new Set(paths);
  const isNamed = (trace: Trace) =>
    trace.kind === 'process'
      ? trace.named.some((name) => named.has(name))
      : named.has(trace.path) || (trace.kind === 'file' && named.has(trace.target ?? ''));
  return { done: manifest.infection.filter(isNamed).length, of: manifest.infection.length };
}
