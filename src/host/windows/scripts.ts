import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const known = new Map<string, string>();

/**
 * The text of a script of ours by its name below this folder, e.g. `scan/processes`, without comments. The build puts them
 * beside the bundle as `windows-scan-processes.ps1`.
 */
export function readScript(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const built = join(import.meta.dirname, `windows-${name.replace('/', '-')}.ps1`);
  const path = existsSync(built) ? built : join(import.meta.dirname, `${name}.ps1`);
  const text = readFileSync(path, 'utf8').replaceAll(/^\s*#.*\r?\n/gm, '');
  known.set(name, text);
  return text;
}
