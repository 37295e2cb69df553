import { setFlagsFromString } from 'node:v8';

/**
 * Keeps this process small, where it looks at a host that is short of memory as hosts with miners are. V8 doubles the
 * part of its heap for young things, up to 32 MB, whenever much of it survives; with a factor of 1 it stays at the
 * size it began with (v8/src/flags/flag-definitions.h, `semi_space_growth_factor`, read each time it would grow).
 * Costs no time that could be measured: a scan makes much and keeps little. A heap so small is collected by one thread:
 * calling others for it took a tenth of a scan's CPU time.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
}

/**
 * For a process that ends after a second or two: V8's optimising compilers take 15 MB, and what they make is hardly used
 * any more. Looking at 10,000 processes takes a quarter longer so, at 500 nothing.
 */
export function doNotOptimise(): void {
  setFlagsFromString('--no-opt');
  setFlagsFromString('--no-maglev');
}

/**
 * WebAssembly compiled once, by one thread, and not again for speed: by `--no-wasm-tier-up` alone V8 still does that for
 * what runs often. YARA's 6 MB of it take 37 MB so, and 55 otherwise; it starts in two thirds of the CPU time, and files
 * are matched as fast (4 MB in 20 ms).
 */
export function keepWebAssemblySmall(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--wasm-num-compilation-tasks=1');
}
