import { damageOf, TRAP, TRAP_ROOTS } from './damage.ts';
import type { DrillPlace } from './drill-place.ts';
import type { Look } from './look.ts';
import { lookInside, type SeenProcess } from './look.ts';
import { asLatin1, readManifest } from './manifest.ts';
import { C2, POOL, STARTS_FILE } from './places.ts';
import type { Sandbox } from './sandbox-handle.ts';
import { BASELINE_ROOTS } from './scenario.ts';
import type { FileState, Manifest, Trace } from './scene.ts';

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
    traps: [TRAP, TRAP_ROOTS],
    connects: [
      [POOL.address, POOL.port],
      [C2.address, C2.port],
    ],
  });
  const missed = manifest.infection.flatMap((trace) => missedTrace(trace, seen, manifest));
  const damaged = damageOf(manifest, seen);
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
      : (seen.texts[trace.path] ?? '').split('\n').includes(asLatin1(trace.text));
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
