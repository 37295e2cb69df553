import { decodeHostBytes, encodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { inBatches } from './in-batches.ts';
import { type Look, linesOf, listFolder, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const FOLDERS = [
  '/etc',
  '/etc/cron.d',
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/init.d',
  '/etc/profile.d',
  '/etc/systemd/system',
  '/etc/sudoers.d',
  '/etc/ssh',
  '/var/spool/cron',
  '/var/spool/cron/crontabs',
  '/usr/lib/systemd/system',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/tmp',
  '/var/tmp',
  '/dev/shm',
];
const IN_HOMES = ['', '/.ssh', '/.config/systemd/user'];
const MOST = 12_000;
/** Well below what the kernel takes as arguments (execve(2)), with names of any length. */
const BATCH_BYTES = 256 * 1024;

/** Files that even root cannot change (ioctl_iflags(2)): what intruders do to what must not be cleaned away. */
export async function enumerateImmutableFiles(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const homes = [...new Set(look.accounts.map(({ home }) => home))].filter((home) => /^\/.+/.test(home));
  const folders = [...FOLDERS, ...homes.flatMap((home) => IN_HOMES.map((inner) => `${home}${inner}`))];
  const paths = new Set<string>();
  for (const folder of new Set(folders)) {
    paths.add(folder);
    for (const name of listFolder(look, 'impairment', folder)) paths.add(`${folder}/${name}`);
  }
  const wanted = [...paths].filter((path) => !/[\n\udc80-\udcff]/.test(path) && hasFlags(look, path));
  if (wanted.length > MOST) {
    const reason = `there are ${wanted.length} of them; only the first ${MOST} were asked about`;
    look.unknowns.push({ scope: 'impairment', what: 'attributes of files', reason });
  }
  const found: { path: string; flags: string }[] = [];
  for (const batch of inBatches(
    wanted.slice(0, MOST).map((path) => look.root + path),
    BATCH_BYTES,
  )) {
    const result = await runTool(
      ['lsattr', '-d', '--', ...batch.map((path) => decodeHostBytes(encodeHostBytes(path)))],
      {
        timeoutMs: 20_000,
        ...(look.signal ? { signal: look.signal } : {}),
      },
    );
    if (result.failedToStart !== null || result.timedOut) {
      const reason = result.failedToStart ?? 'lsattr did not end in time';
      look.unknowns.push({ scope: 'impairment', what: 'attributes of files', reason });
      break;
    }
    found.push(...parseLsattr(decodeHostBytes(result.stdout), look.root));
  }
  const owners = await ownership.owners(found.map(({ path }) => path));
  for (const { path, flags } of found) {
    markFile(look, gathered, {
      part: 'impairment',
      code: 'immutable',
      path,
      package: owners.get(path),
      remedy: (file) => ({ kind: 'set-attributes', file, flags: '' }),
      advice: `if it is to go or to be changed: chattr -${flags} ${path}`,
      // Keeping a resolver from being written over, or a history from being cut, is what administrators use it for.
      details: { value: flags, isOrdinary: /^\/etc\/resolv\.conf$|_history$/.test(path) ? 'yes' : 'no' },
    });
  }
  return Math.min(wanted.length, MOST);
}

function hasFlags(look: Look, path: string): boolean {
  const stats = statHere(look, path);
  return stats !== null && (stats.isFile() || stats.isDirectory());
}

/** `----i---------e------- PATH` of lsattr(1): those with `i` or `a`. */
export function parseLsattr(text: string, root: string): { path: string; flags: string }[] {
  return linesOf(text).flatMap((line) => {
    const match = /^([A-Za-z-]{10,}) (\/.*)$/.exec(line);
    const path = match?.[2];
    const flags = (match?.[1] ?? '').replace(/[^ia]/g, '');
    return path?.startsWith(root) && flags !== '' ? [{ path: path.slice(root.length), flags }] : [];
  });
}
