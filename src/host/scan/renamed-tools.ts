import { createHash } from 'node:crypto';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes, readLines, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const FOLDERS = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/bin',
  '/sbin',
  '/tmp',
  '/var/tmp',
  '/dev/shm',
];
const LARGEST = 4 * 1024 * 1024;
const MOST_HASHED = 400;

/** curl and wget under other names: miners rename them so that rivals' scripts find none. */
export async function enumerateRenamedTools(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const wanted = new Map<string, string>();
  const sizes = new Set<bigint>();
  let isAnyGone = false;
  for (const name of ['curl', 'wget']) {
    const md5 = md5Of(look, name);
    if (md5 === null) continue;
    wanted.set(md5, name);
    const stats = statHere(look, `/usr/bin/${name}`);
    if (stats === null) isAnyGone = true;
    else sizes.add(stats.size);
  }
  if (wanted.size === 0) return 0;
  let hashed = 0;
  const seen = new Set<string>();
  for (const folder of FOLDERS) {
    const paths = listFolder(look, 'tools', folder).map((name) => `${folder}/${name}`);
    const owners = await ownership.owners(paths);
    for (const path of paths) {
      const stats = statHere(look, path);
      if (!stats?.isFile() || typeof owners.get(path) === 'string' || stats.size > BigInt(LARGEST)) continue;
      // Without its size nothing can be left out, so every one that is large enough is read.
      if (
        !(sizes.has(stats.size) || (isAnyGone && stats.size > 50_000n)) ||
        seen.has(`${stats.dev}:${stats.ino}`)
      )
        continue;
      seen.add(`${stats.dev}:${stats.ino}`);
      hashed += 1;
      if (hashed > MOST_HASHED) return hashed;
      const bytes = readBytes(look, 'tools', path, LARGEST)?.bytes;
      const tool = bytes && wanted.get(createHash('md5').update(bytes).digest('hex'));
      if (tool === undefined) continue;
      const isGone = statHere(look, `/usr/bin/${tool}`) === null;
      markFile(look, gathered, {
        part: 'tools',
        code: 'tool-renamed',
        path,
        package: owners.get(path),
        advice: isGone ? `rename it back to /usr/bin/${tool}` : 'take it away',
        details: { tool, isGone: isGone ? 'yes' : 'no' },
        ...(isGone ? {} : { role: 'shadowing-tool' as const }),
      });
    }
  }
  return hashed;
}

/** As the package says it should be; dpkg alone keeps it where it can be read at once. */
function md5Of(look: Look, name: string): string | null {
  const lines = readLines(look, 'tools', `/var/lib/dpkg/info/${name}.md5sums`) ?? [];
  return lines.find((line) => /^[0-9a-f]{32} {2}usr\/bin\/(curl|wget)$/.test(line))?.slice(0, 32) ?? null;
}
