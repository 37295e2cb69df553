import { basename, isInterpreter } from '../../findings/command-reading.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { inBatches } from './in-batches.ts';
import { type Look, linesOf } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';
import { programsOf } from './program-walk.ts';

/** Well below what the kernel takes as arguments (execve(2)), with names of any length. */
const BATCH_BYTES = 256 * 1024;
const LONGEST_MS = 2_000;

/** Programs with capabilities of their own (capabilities(7)). Node cannot read extended attributes: getcap(8) does. */
export async function enumerateCapabilities(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const { executables } = await programsOf(look);
  // A name that does not go through an argument as it is would be taken for another file.
  const asked = executables.filter((path) => !/[\n\udc80-\udcff]/.test(path));
  const found = await ask(look, asked);
  const owners = await ownership.owners(found.map(({ path }) => path));
  for (const { path, capabilities } of found) {
    const owner = owners.get(path);
    markFile(look, gathered, {
      part: 'set-id',
      code: 'capability',
      path,
      package: owner,
      advice: `take them away: setcap -r ${path}`,
      details: { value: capabilities, isInterpreter: isInterpreter(basename(path)) ? 'yes' : 'no' },
      ...(owner === null
        ? { role: 'set-id-program' as const }
        : { remedy: (file) => ({ kind: 'set-attributes', file, capabilities: '' }) as const }),
    });
  }
  return asked.length;
}

async function ask(look: Look, paths: readonly string[]): Promise<Capable[]> {
  const startedMs = performance.now();
  const found: Capable[] = [];
  let asked = 0;
  for (const batch of inBatches(
    paths.map((path) => look.root + path),
    BATCH_BYTES,
  )) {
    const left = LONGEST_MS - (performance.now() - startedMs);
    const result = await runTool(['getcap', ...batch], {
      timeoutMs: Math.ceil(Math.max(left, 200)),
      ...(look.signal ? { signal: look.signal } : {}),
    });
    found.push(...parseGetcap(decodeHostBytes(result.stdout), look.root));
    asked += batch.length;
    if (result.failedToStart === null && !result.timedOut) continue;
    const late = `getcap was asked about ${asked - batch.length} of ${paths.length} programs; there was no time for more`;
    const reason = result.failedToStart ?? late;
    look.unknowns.push({ scope: 'set-id', what: 'programs with capabilities', reason });
    break;
  }
  return found;
}

export interface Capable {
  readonly path: string;
  readonly capabilities: string;
}

/** `/usr/bin/ping cap_net_raw=ep`, and before libcap 2.41 `/usr/bin/ping = cap_net_raw+ep`. */
export function parseGetcap(text: string, root: string): Capable[] {
  return linesOf(text).flatMap((line) => {
    const match = /^(\/.*?) (?:= )?([a-z_,]+[=+][eip]+(?: [a-z_,]+[=+][eip]+)*)(?: \[rootid=\d+\])?$/.exec(
      line,
    );
    const path = match?.[1];
    if (path === undefined || !path.startsWith(root)) return [];
    return [{ path: path.slice(root.length), capabilities: match?.[2] ?? '' }];
  });
}
