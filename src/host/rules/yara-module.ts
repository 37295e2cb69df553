import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initSync } from '@virustotal/yara-x';

/** WebAssembly of @virustotal/yara-x: beside the bundle, where build.mjs puts it, or in its package when run from source. */
export function loadYara(): void {
  const bytes = readFileSync(wasmPath());
  initSync({ module: bytes });
  // V8 keeps a copy of its own; these 6 MB would stay until they are collected.
  bytes.buffer.transfer(0);
}

function wasmPath(): string {
  const name = 'yara_x_js_bg.wasm';
  if (!import.meta.url.endsWith('.ts')) return join(import.meta.dirname, name);
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@virustotal/yara-x/package.json')), 'pkg', name);
}
