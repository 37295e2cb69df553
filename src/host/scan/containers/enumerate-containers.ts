import type { Gathered } from '../gathered.ts';
import type { Look } from '../look.ts';
import type { ContainerReader } from './container-reader.ts';
import { containerd } from './containerd.ts';
import { containersStorage } from './containers-storage.ts';
import { docker } from './docker.ts';
import { lxc } from './lxc.ts';
import { lxd } from './lxd.ts';

const READERS: readonly ContainerReader[] = [docker, containersStorage, containerd, lxc, lxd];
const MOST = 5000;

/** Containers of every runtime by what it keeps on disk: no daemon is asked, since that might be the intruder’s own. */
export function enumerateContainers(look: Look, gathered: Gathered): number {
  for (const { runtimes, read } of READERS) {
    try {
      for (const container of read(look)) {
        if (gathered.containers.length >= MOST) break;
        gathered.containers.push(container);
      }
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      look.unknowns.push({
        scope: 'containers',
        what: runtimes.join(', '),
        reason: `reading failed (${code})`,
      });
    }
  }
  return gathered.containers.length;
}
