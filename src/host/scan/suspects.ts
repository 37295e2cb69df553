import { readdirSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { setImmediate as breathe } from 'node:timers/promises';
import { readArguments } from '../../findings/command-reading.ts';
import { isMinerConfig, readMiningText } from '../../findings/mining-text.ts';
import type { ObservedProcess } from '../../findings/observation.ts';
import type { ProcessTrace } from '../../findings/process-traces.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linkTarget, listFolder, readBytes } from './look.ts';
import { readMemory } from './process-memory.ts';
import { statOf } from './processes.ts';
import { noteRefused } from './refused.ts';

const MOST_SUSPECTS = 24;
const BYTES_EACH = 12 * 1024 * 1024;
const BYTES_IN_ALL = 96 * 1024 * 1024;
const BUDGET_MS = 1_200;

/**
 * Looks closer at processes that something speaks against already: into their memory, and at the files beside their
 * program. Bounded in bytes and time. Returns the configuration files found; the traces go to the processes. null: there
 * are none, and nothing is to be judged anew.
 */
export async function inspectSuspects(
  look: Look,
  gathered: Gathered,
  pids: readonly number[],
): Promise<string[] | null> {
  const wanted = new Set(pids);
  const byPid = new Map(gathered.processes.map((seen) => [seen.process.pid, seen]));
  const suspects = [...wanted].flatMap((pid) => byPid.get(pid) ?? []).slice(0, MOST_SUSPECTS);
  const traces = new Map(suspects.map((seen) => [seen.process.pid, configTraces(look, seen)]));
  const until = performance.now() + BUDGET_MS;
  const denied: number[] = [];
  let left = BYTES_IN_ALL;
  let unread = wanted.size - suspects.length;
  for (const seen of suspects) {
    const { pid, startTicks } = seen.process;
    if (left <= 0 || performance.now() > until || look.signal?.aborted) {
      unread += 1;
      continue;
    }
    // The number may be another's by now, or hidden by a mount.
    if (statOf(`/proc/${pid}`)?.startTicks !== startTicks) continue;
    try {
      const found = new Map<string, ProcessTrace>();
      for (const text of readMemory(pid, Math.min(BYTES_EACH, left))) {
        left -= text.length;
        for (const trace of readMiningText(text, look.indicators))
          if (!found.has(trace.kind)) found.set(trace.kind, { ...trace, place: `/proc/${pid}/mem` });
        if (found.has('stratum-message') || performance.now() > until) break;
      }
      traces.get(pid)?.push(...found.values());
    } catch (error) {
      if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) denied.push(pid);
    }
    await breathe();
  }
  noteRefused(look, 'processes', 'the memory', denied);
  if (unread > 0)
    notRead(
      look,
      unread,
      'there is more than is read in one look; those that are not decided yet came first',
    );
  if ([...traces.values()].every((own) => own.length === 0)) return null;
  gathered.processes = gathered.processes.map((seen) => {
    const own = traces.get(seen.process.pid) ?? [];
    return own.length === 0 ? seen : { ...seen, traces: own };
  });
  return [...traces.values()]
    .flat()
    .flatMap(({ kind, place }) => (kind.startsWith('miner-config') ? [place] : []));
}

function notRead(look: Look, count: number, reason: string): void {
  look.unknowns.push({
    scope: 'processes',
    what: `the memory of ${count === 1 ? 'a suspicious process' : `${count} suspicious processes`}`,
    reason,
  });
}

const MOST_FILES = 16;
const CONFIG_BYTES = 256 * 1024;

/** Beside the program or opened by it: decisive. In the folder that it merely works in: near. */
function configTraces(look: Look, seen: ObservedProcess): ProcessTrace[] {
  if (!seen.sharesOurFiles) return [];
  const scripts = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder })
    .targets.filter(({ use }) => use === 'run')
    .map(({ path }) => dirname(path));
  const own = [...(seen.exe === null ? [] : [dirname(seen.exe)]), ...scripts].flatMap((folder) =>
    jsonFiles(look, folder),
  );
  const opened = openFiles(look, seen.process.pid);
  const near = seen.workingFolder === null ? [] : jsonFiles(look, seen.workingFolder);
  const traces: ProcessTrace[] = [];
  for (const path of new Set([...opened, ...own, ...near])) {
    const file = readBytes(look, 'processes', path, CONFIG_BYTES);
    if (file === null || !isMinerConfig(file.bytes.toString('latin1'))) continue;
    const isOwn = own.includes(path) || opened.includes(path);
    const where = opened.includes(path)
      ? 'It has opened'
      : isOwn
        ? 'Beside its program lies'
        : 'Where it works lies';
    traces.push({
      kind: isOwn ? 'miner-config' : 'miner-config-near',
      text: `${where} ${path}, the configuration of a miner with its pools`,
      place: path,
    });
  }
  return traces;
}

function jsonFiles(look: Look, folder: string): string[] {
  if (/^\/(?:usr|bin|sbin|lib|etc)(?:\/|$)|^\/$/.test(folder)) return [];
  const quiet: Look = { ...look, unknowns: [] };
  return listFolder(quiet, 'processes', folder)
    .filter((name) => /\.(?:json|conf|cfg)$/i.test(name))
    .sort((a, b) => Number(/^config/.test(b)) - Number(/^config/.test(a)))
    .slice(0, MOST_FILES)
    .map((name) => `${folder}/${name}`);
}

function openFiles(look: Look, pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .slice(0, 64)
      .flatMap((fd) => linkTarget(look, `/proc/${pid}/fd/${fd}`) ?? [])
      .filter((path) => /^\/(?!proc\/|sys\/|dev\/).*\.(?:json|conf|cfg|txt)$/i.test(path))
      .slice(0, MOST_FILES);
  } catch {
    return [];
  }
}
