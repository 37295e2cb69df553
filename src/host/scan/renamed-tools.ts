import { createHash } from 'node:crypto';
import { basename } from '../../findings/command-reading.ts';
import { localDiversions } from './diversions.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Digest, Ownership } from './owning.ts';

/** What miners rename so that rivals’ scripts, and the responder, find none: fetchers first (Redis miners, TeamTNT). */
const RENAMED =
  'curl wget chattr lsattr ps top htop netstat ss crontab pkill kill iptables nft lsof ldd strace systemctl who last'.split(
    ' ',
  );
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
const SMALLEST_UNKNOWN = 5;
const MOST_HASHED = 400;

interface Wanted {
  readonly tool: string;
  readonly path: string;
  readonly package: string;
  readonly digest: Digest;
  /** null: it is gone, so that its size is not known either. */
  readonly size: bigint | null;
}

/** Tools whose content stands under another name, and tools that are gone though their package is installed. */
export async function enumerateRenamedTools(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const wanted = await wantedTools(look, ownership);
  if (wanted.length === 0) return 0;
  const found = new Set<string>();
  let hashed = 0;
  for (const path of await unownedPrograms(look, ownership)) {
    const size = statHere(look, path)?.size ?? 0n;
    const candidates = wanted.filter(
      (one) => one.size === size || (one.size === null && size >= SMALLEST_UNKNOWN),
    );
    if (candidates.length === 0) continue;
    hashed += 1;
    if (hashed > MOST_HASHED) {
      const reason = `there are more than ${MOST_HASHED} programs that no package owns`;
      look.unknowns.push({ scope: 'tools', what: 'tools under another name', reason });
      break;
    }
    const bytes = readBytes(look, 'tools', path, LARGEST)?.bytes;
    const same = bytes && candidates.find(({ digest }) => hashOf(digest.algorithm, bytes) === digest.hex);
    if (same === undefined || basename(path) === same.tool) continue;
    found.add(same.tool);
    markFile(look, gathered, {
      part: 'tools',
      code: 'tool-renamed',
      path,
      package: null,
      advice: same.size === null ? `rename it back to ${same.path}` : 'take it away',
      details: { tool: same.tool, isGone: same.size === null ? 'yes' : 'no' },
      ...(same.size === null ? {} : { role: 'shadowing-tool' as const }),
    });
  }
  for (const one of wanted) if (one.size === null && !found.has(one.tool)) markGone(gathered, one);
  return hashed;
}

function markGone(gathered: Gathered, { path, package: owner }: Wanted): void {
  gathered.marks.push({
    part: 'tools',
    code: 'tool-gone',
    name: path,
    place: { path },
    removable: null,
    details: {},
    advice: `install the package ${owner} again`,
    times: null,
    owner: null,
    package: owner,
  });
}

async function wantedTools(look: Look, ownership: Ownership): Promise<Wanted[]> {
  const diverted = localDiversions(look);
  const paths = RENAMED.flatMap((tool) => ['/usr/bin', '/usr/sbin'].map((folder) => `${folder}/${tool}`));
  const owners = await ownership.owners(paths);
  const out: Wanted[] = [];
  for (const path of paths) {
    const owner = owners.get(path);
    if (typeof owner !== 'string' || diverted.has(path) || diverted.has(path.slice('/usr'.length))) continue;
    const stats = statHere(look, path);
    const digest = stats?.isSymbolicLink() ? null : await ownership.digestOf(path, owner);
    if (digest === null) continue;
    out.push({ tool: basename(path), path, package: owner, digest, size: stats?.size ?? null });
  }
  return out;
}

async function unownedPrograms(look: Look, ownership: Ownership): Promise<string[]> {
  const seen = new Set<string>();
  const out: string[] = [];
  for (const folder of FOLDERS) {
    const paths = listFolder(look, 'tools', folder).map((name) => `${folder}/${name}`);
    const owners = await ownership.owners(paths);
    for (const path of paths) {
      const stats = typeof owners.get(path) === 'string' ? null : statHere(look, path);
      const inode = stats === null ? '' : `${stats.dev}:${stats.ino}`;
      if (!stats?.isFile() || stats.size > BigInt(LARGEST) || seen.has(inode)) continue;
      seen.add(inode);
      out.push(path);
    }
  }
  return out;
}

function hashOf(algorithm: Digest['algorithm'], bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
