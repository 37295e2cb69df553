import type { ObservedProcess } from '../../../../findings/observation.ts';
import { askMountsOf } from '../../../silent-mounts.ts';
import { type Look, listFolder, resolve, statHere } from '../../look.ts';
import { foldersOf, isRuntime, isWebServer, jarsOf } from './process-paths.ts';

/** A root that programs lie under (this host's, or a container's), where to look below it, and what runs there. */
export interface HoledPlace {
  readonly look: Look;
  /** The container by the first digits of its id; null on the host itself, '' if it is not told. */
  readonly container: string | null;
  /** As seen from below that root, each with what runs from it. */
  readonly folders: ReadonlyMap<string, readonly ObservedProcess[]>;
  readonly jars: ReadonlyMap<string, readonly ObservedProcess[]>;
  /** All that runs there. */
  readonly processes: readonly ObservedProcess[];
}

/**
 * Where programs that are not running, or have no process of their own, are put. A `*` stands for each name in its folder. What
 * lies in homes and does not run is somebody's work, and no way in.
 */
const INSTALLED = [
  '/opt/*',
  '/opt/atlassian/*',
  '/usr/local/*',
  '/srv/*',
  '/app',
  '/u01/oracle',
  '/u01/app/oracle/*',
  '/var/lib/tomcat*',
  '/var/lib/jenkins',
  '/var/jenkins_home',
  '/root/.jenkins',
  '/usr/share/jenkins',
  '/usr/lib/jenkins',
  '/usr/share/phpmyadmin',
  '/usr/share/phpMyAdmin',
  '/var/www',
  '/var/www/*',
  '/var/www/*/*',
  '/srv/www/htdocs/*',
] as const;
/** Of /usr/local what every host has: no program has its folder there. */
const NO_PROGRAMS = new Set([
  'bin',
  'etc',
  'games',
  'include',
  'lib',
  'lib64',
  'man',
  'sbin',
  'share',
  'src',
]);
const SILENT = 'the mount, of a container, does not answer; nothing behind it was looked at';
const MOST_NAMES = 60;
const MOST_FOLDERS = 600;
const MOST_ROOTS = 40;
const MOST_RUNNING = 200;

/** Every root once: the host, and each container that something runs in that is written in JavaScript or Java. */
export async function holedPlaces(
  look: Look,
  processes: readonly ObservedProcess[],
): Promise<readonly HoledPlace[]> {
  const roots = new Map<string, ObservedProcess[]>([['', []]]);
  for (const process of processes) {
    if (process.isKernelThread) continue;
    const root = process.sharesOurFiles ? '' : rootOf(look, process);
    if (root === null) continue;
    const there = roots.get(root) ?? [];
    if (!roots.has(root) && roots.size > MOST_ROOTS) continue;
    roots.set(root, there);
    there.push(process);
  }
  const places: HoledPlace[] = [];
  for (const there of roots.values()) {
    const place = await placeOf(look, there);
    if (place !== null) places.push(place);
  }
  return places;
}

/** What tells containers apart: the inode that their / is. null if it cannot be seen. */
function rootOf(look: Look, { process: { pid } }: ObservedProcess): string | null {
  const stats = statHere(look, `/proc/${pid}/root/.`);
  return stats === null ? null : `${stats.dev}:${stats.ino}`;
}

async function placeOf(look: Look, processes: readonly ObservedProcess[]): Promise<HoledPlace | null> {
  const [first] = processes;
  const isHost = first === undefined || first.sharesOurFiles;
  const running = processes.filter(isRuntime).slice(0, MOST_RUNNING);
  // Of containers only those count in which something of the kind runs: the others are many, and small.
  if (!isHost && running.length === 0 && !processes.some(isServing)) return null;
  // What could not be read there is said with the way to it from here, as everything else is.
  const there = isHost
    ? look
    : { ...look, root: `${look.root}/proc/${first.process.pid}/root`, unknowns: [] };
  if (!isHost && look.root === '')
    for (const what of await askMountsOf(first.process.pid))
      look.unknowns.push({ scope: 'entry-points', what, reason: SILENT });
  const folders = new Map<string, ObservedProcess[]>();
  const jars = new Map<string, ObservedProcess[]>();
  for (const process of running) {
    for (const folder of foldersOf(process)) add(folders, there, folder, process);
    for (const jar of jarsOf(there, look, process)) add(jars, there, jar, process);
  }
  for (const pattern of INSTALLED)
    for (const path of matching(there, pattern)) add(folders, there, path, null);
  return {
    look: there,
    container: isHost ? null : (/([0-9a-f]{12})[0-9a-f]{52}/.exec(first.cgroup ?? '')?.[1] ?? ''),
    folders: new Map([...folders].slice(0, MOST_FOLDERS)),
    jars,
    processes,
  };
}

/** What serves programs that have no process of their own, or runs what it brought itself. */
function isServing({ exe, process }: ObservedProcess): boolean {
  return exe?.startsWith('/opt/gitlab/') === true || isWebServer(process.name);
}

/** Under the path that its symlinks lead to, so that what has two names is one. */
function add(
  to: Map<string, ObservedProcess[]>,
  look: Look,
  path: string,
  process: ObservedProcess | null,
): void {
  const real = resolve(look, path);
  if (real === null) return;
  const users = to.get(real) ?? [];
  if (process !== null && !users.includes(process)) users.push(process);
  to.set(real, users);
}

function matching(look: Look, pattern: string): string[] {
  return pattern
    .split('/')
    .slice(1)
    .reduce<string[]>(
      (paths, part) =>
        paths.flatMap((path) =>
          part.endsWith('*')
            ? listFolder(look, 'entry-points', path === '' ? '/' : path)
                .filter(
                  (name) =>
                    name.startsWith(part.slice(0, -1)) && !name.startsWith('.') && !NO_PROGRAMS.has(name),
                )
                .slice(0, MOST_NAMES)
                .map((name) => `${path}/${name}`)
            : [`${path}/${part}`],
        ),
      [''],
    )
    .filter((path) => statHere(look, path)?.isDirectory());
}
