import type { Gathered } from './gathered.ts';
import { hashHere } from './hash-here.ts';
import { type Look, resolve, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';
import { programsOf } from './program-walk.ts';

const SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh', '/bin/busybox'];
const LARGEST_SHELL = 4_000_000;

/** Programs that run with the rights of their owner or group, anywhere on the host's own file systems. */
export async function enumerateSetId(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const walk = await programsOf(look);
  if (walk.endedAt !== null) {
    const reason = `the walk was ended after ${walk.entries} files, at ${walk.endedAt}; the rest was not looked at`;
    look.unknowns.push({ scope: 'set-id', what: 'programs with set-id bits', reason });
  }
  const [first] = walk.unreadable;
  if (first !== undefined) {
    const what = `programs in ${walk.unreadable.length} folders, such as ${first}`;
    look.unknowns.push({ scope: 'set-id', what, reason: 'no permission to read them' });
  }
  const owners = await ownership.owners(walk.setId);
  const shells = new Set(SHELLS.map((path) => hashOf(look, resolve(look, path))));
  shells.delete('');
  for (const path of walk.setId) {
    const stats = statHere(look, path);
    const owner = owners.get(path);
    if (stats === null) continue;
    const isShell =
      typeof owner !== 'string' && stats.size < BigInt(LARGEST_SHELL) && shells.has(hashOf(look, path));
    markFile(look, gathered, {
      part: 'set-id',
      code: 'set-id',
      path,
      package: owner,
      advice: `take the bits away: chmod u-s,g-s ${path}`,
      details: {
        isSetUid: (stats.mode & 0o4000n) === 0n ? 'no' : 'yes',
        uid: stats.uid.toString(),
        gid: stats.gid.toString(),
        isShell: isShell ? 'yes' : 'no',
        value: (stats.mode & 0o7777n).toString(8),
        nested: walk.systems.some((system) => path.startsWith(system)) ? 'yes' : 'no',
      },
      // What a package brought is not moved: the host may need it, only not with these bits.
      ...(typeof owner === 'string'
        ? {
            remedy: (file) => ({ kind: 'set-attributes', file, mode: file.mode & ~0o6000 }) as const,
          }
        : { role: 'set-id-program' as const }),
    });
  }
  return walk.entries;
}

function hashOf(look: Look, path: string | null): string {
  if (path === null || statHere(look, path)?.size === 0n) return '';
  return hashHere(look, 'set-id', path, 'sha256', LARGEST_SHELL) ?? '';
}
