import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = dirname(dirname(import.meta.dirname));
export const SRC = join(ROOT, 'src');

export interface SourceFile {
  /** Relative to src/, e.g. `host/perform/registry.ts`. */
  readonly path: string;
  /** First folder below src/; '' for a file directly in it. */
  readonly folder: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: `./x.ts`, `node:fs`, `ink`. */
  readonly specifier: string;
  /** Relative to src/, for one of our own; null for a package. */
  readonly target: string | null;
}

/** Every TypeScript file below src/. */
export function readSourceFiles(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map(readSource);
}

function readSource(absolute: string): SourceFile {
  const path = relative(SRC, absolute);
  const text = readFileSync(absolute, 'utf8');
  const code = withoutComments(text);
  const imports = findImports(code).map((specifier) => ({
    specifier,
    target: specifier.startsWith('.') ? relative(SRC, join(dirname(absolute), specifier)) : null,
  }));
  return { path, folder: path.includes('/') ? (path.split('/')[0] ?? '') : '', text, code, imports };
}

/** Specifiers of static (also type-only) and dynamic imports. The formatter fixes how they are written. */
export function findImports(code: string): string[] {
  const statics = code.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom '([^']+)'/gm);
  const bare = code.matchAll(/^import '([^']+)'/gm);
  const dynamic = code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [...statics, ...bare, ...dynamic].map(([, specifier]) => specifier ?? '');
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^(\s*)\/\/.*$/gm, '$1');
}
