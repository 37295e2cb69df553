import { basename, isInterpreter } from '../../findings/command-reading.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf, listFolder, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const NOT_WALKED = new Set(['proc', 'sys', 'dev', 'lost+found', 'snap']);
const OTHER_SYSTEMS = /^\/var\/lib\/(docker|containerd|containers|lxc|lxd|flatpak|snapd|kubelet|machines)\//;

/** Programs with capabilities of their own (capabilities(7)). Node cannot read extended attributes: getcap(8) does. */
export async function enumerateCapabilities(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const folders = listFolder(look, 'set-id', '/')
    .filter((name) => !NOT_WALKED.has(name) && statHere(look, `/${name}`)?.isDirectory())
    .map((name) => `${look.root}/${name}`);
  const result = await runTool(['getcap', '-r', ...folders, `${look.root}/dev/shm`], {
    timeoutMs: 20_000,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  if (result.failedToStart !== null || result.timedOut) {
    const reason = result.failedToStart ?? 'getcap did not end in time';
    look.unknowns.push({ scope: 'set-id', what: 'programs with capabilities', reason });
    if (result.failedToStart !== null) return 0;
  }
  const found = parseGetcap(decodeHostBytes(result.stdout), look.root).filter(
    ({ path }) => !OTHER_SYSTEMS.test(path),
  );
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
      ...(owner === null ? { role: 'set-id-program' as const } : {}),
    });
  }
  return found.length;
}

/** `/usr/bin/ping cap_net_raw=ep`, and before libcap 2.41 `/usr/bin/ping = cap_net_raw+ep`. */
export function parseGetcap(text: string, root: string): { path: string; capabilities: string }[] {
  return linesOf(text).flatMap((line) => {
    const match = /^(\/.*?) (?:= )?([a-z_,]+[=+][eip]+(?: [a-z_,]+[=+][eip]+)*)(?: \[rootid=\d+\])?$/.exec(
      line,
    );
    const path = match?.[1];
    if (path === undefined || !path.startsWith(root)) return [];
    return [{ path: path.slice(root.length), capabilities: match?.[2] ?? '' }];
  });
}
