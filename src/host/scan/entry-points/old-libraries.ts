import { readFileSync } from 'node:fs';
import type { Gathered } from '../gathered.ts';
import type { Look } from '../look.ts';

const MOST_BYTES = 4 * 1024 * 1024;
/** A library of a package's folder that is mapped and not there any more: an upgrade has put another in its place. */
const OLD = /\s(\/(?:usr\/)?lib(?:32|64|x32)?\/\S+\.so[\d.]*) \(deleted\)$/gm;

/**
 * Services that run with libraries from before an upgrade (proc_pid_maps(5)): the hole that it closed is open in them until they
 * are started anew. Processes must have been read.
 */
export function enumerateOldLibraries(look: Look, gathered: Gathered): number {
  if (look.root !== '') return 0;
  const services = new Map<string, { pid: number; libraries: Set<string> }>();
  for (const { process, cgroup, isKernelThread, sharesOurFiles } of gathered.processes) {
    if (isKernelThread || !sharesOurFiles) continue;
    const libraries = oldLibraries(process.pid);
    if (libraries.length === 0) continue;
    const unit = /\/([^/]+\.service)(?:\/|$)/.exec(cgroup ?? '')?.[1];
    const name = unit ?? `${process.name} (${process.pid})`;
    const entry = services.get(name) ?? { pid: process.pid, libraries: new Set() };
    for (const library of libraries) entry.libraries.add(library);
    services.set(name, entry);
  }
  for (const [name, { pid, libraries }] of services) {
    gathered.marks.push({
      part: 'entry-points',
      code: 'old-library',
      name: `${name} uses libraries from before an upgrade`,
      place: { path: `/proc/${pid}/maps` },
      removable: null,
      details: { value: [...libraries].slice(0, 8).join(' ') },
      advice: name.endsWith('.service')
        ? `systemctl restart ${name}; it is away for a moment.`
        : 'Start it anew; until then it runs with what the upgrade has replaced.',
      times: null,
      owner: null,
      package: undefined,
    });
  }
  return gathered.processes.length;
}

function oldLibraries(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/maps`, 'latin1').slice(0, MOST_BYTES);
    return text.includes('(deleted)')
      ? [...new Set([...text.matchAll(OLD)].map(([, path = '']) => path))]
      : [];
  } catch {
    // It has gone, or may not be read.
    return [];
  }
}
