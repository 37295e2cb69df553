import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** A measured thing beside what it is measured against, in the same run: machines differ, ratios hold. */
export interface Measurement {
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  readonly theirs: string;
  /** Ours / theirs. */
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs the two in turn, so that what else the machine does hits both; medians in milliseconds. */
export async function inTurn(
  runs: number,
  ours: () => Promise<number> | number,
  theirs: () => Promise<number> | number,
): Promise<{ readonly ours: number; readonly theirs: number; readonly ratio: number }> {
  const a: number[] = [];
  const b: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const one = await ours();
    const other = await theirs();
    // The first pair warms caches and is not counted.
    if (run > 0) {
      a.push(one);
      b.push(other);
    }
  }
  const ratios = a.map((value, index) => value / (b[index] ?? Number.NaN));
  return { ours: median(a), theirs: median(b), ratio: median(ratios) };
}

export async function elapsed(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Wall time of a whole process, milliseconds. */
export function processTime(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): number {
  const [file = '', ...args] = argv;
  const start = performance.now();
  const result = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  const took = performance.now() - start;
  if (result.error) throw result.error;
  return took;
}

export function has(tool: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', tool], { stdio: 'ignore' }).status === 0;
}

export function ms(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
}
