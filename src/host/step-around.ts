import { coverCommand, coveredPreload, readPreloadEntries, rememberPreload } from './preload-file.ts';
import { runTool } from './run-tool.ts';
import { findTool } from './tool-lookup.ts';

/** Set for the program that is executed again: what was found. With it set nothing is ever executed again. */
export const GUARD = 'TOURNIQUET_PRELOADED';

/**
 * Under /etc/ld.so.preload this very program runs with a foreign library in it, and so would every tool it starts;
 * neither `LD_PRELOAD=` nor calling ld.so by hand helps. So it becomes itself again (execve(2): same process, same
 * terminal, same streams) in a mount namespace of its own with an empty file bound over that one. Mounts of the
 * host go on to be seen in there; none of ours is seen outside.
 *
 * To be called before anything is read from the standard input. Returns if there is nothing to step around, if it
 * was done, or if it cannot be done, which preloadFacts() then says.
 */
export async function stepAroundPreload(argv: readonly string[] = process.argv): Promise<void> {
  const guard = process.env[GUARD];
  if (guard !== undefined) {
    // For this process alone: an agent that it starts in a sandbox looks for itself.
    delete process.env[GUARD];
    rememberPreload(parseGuard(guard), null);
    return;
  }
  const entries = process.platform === 'linux' ? readPreloadEntries() : [];
  if (entries.length === 0) return;
  const unshare = await findTool('unshare');
  const failure = await whyNot(unshare);
  rememberPreload(entries, failure);
  if (failure !== null || unshare === null) return;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^LD_(PRELOAD|AUDIT)$/.test(name)) environment[name] = value;
  environment[GUARD] = JSON.stringify(entries);
  const again = [process.execPath, ...process.execArgv, ...argv.slice(1)];
  process.execve?.(unshare, [...PRIVATE, '/bin/sh', '-c', START, 'sh', ...again], environment);
}

/** For an agent on this same host: it is in the namespace with the cover, and would find nothing there to step around. */
export function stepAroundInherited(): Record<string, string> {
  const entries = coveredPreload();
  return entries === null ? {} : { [GUARD]: JSON.stringify(entries) };
}

const PRIVATE = ['unshare', '--mount', '--propagation', 'slave', '--'];
// If the cover fails here after all, the program still starts, and finds that it is not there.
const START = `PATH=/usr/sbin:/usr/bin:/sbin:/bin ${coverCommand().join(' ')}; exec "$@"`;

/** Tried first, since after execve(2) there is no way back. */
async function whyNot(unshare: string | null): Promise<string | null> {
  if (process.geteuid?.() !== 0) return 'only root can make a mount namespace without becoming somebody else';
  if (process.execve === undefined) return 'this Node cannot execute another program in its place';
  if (unshare === null) return 'there is no `unshare` on this host (util-linux)';
  const tried = await runTool([...PRIVATE, ...coverCommand()], { timeoutMs: 10_000 });
  if (tried.exitCode === 0) return null;
  const said = tried.failedToStart ?? tried.stderr.toString('utf8').trim().split('\n').at(-1);
  return `a mount namespace of its own was refused (${said || `exit code ${tried.exitCode}`})`;
}

function parseGuard(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}
