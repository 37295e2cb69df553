import { hidingPart, placeSignals } from '../../findings/place-signals.ts';
import { isOwnQuarantine } from '../own-folders.ts';
import { bindMountOf } from './bind-mounts.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, statHere } from './look.ts';

const TEMP = ['/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/run/shm'];
/** Where hidden folders and files have no business; looked at one level deep. */
const SYSTEM = [
  '',
  '/bin',
  '/sbin',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/lib64',
  '/usr/local/bin',
  '/usr/local/lib',
  '/usr/local/sbin',
  '/usr/share',
  '/etc',
  '/etc/cron.d',
  '/lib',
  '/lib64',
  '/opt',
  '/var',
  '/var/lib',
  '/var/spool',
  '/var/log',
  '/var/run',
  '/dev',
  '/run',
  '/srv',
  '/mnt',
  '/media',
  '/boot',
];
const MOST = 20_000;
const DEEPEST = 8;
/** Ordinary hidden names outside of homes. */
const ORDINARY =
  /^\.(pwd\.lock|updated|dockerenv|placeholder|build-id|hmac|autorelabel|autofsck|readahead|journal|gitignore|git|java|fontconfig|lock|cache|local|npm|config|X11-unix|ICE-unix|font-unix|XIM-unix|Test-unix|bin|uuid|rpm|resolv\.conf.*|etckeeper|vim|profile|bashrc|.*\.(swp|hmac))$/;

/** Files that lie where programs do not belong: temporary folders, and hidden places of the system. */
export function enumerateDroppedFiles(look: Look, gathered: Gathered): number {
  const budget = { left: MOST, seen: 0 };
  for (const folder of TEMP) walk(look, gathered, folder, 0, budget);
  for (const { home } of look.accounts) {
    if (home.startsWith('/') && home !== '/')
      hiddenIn(
        look,
        gathered,
        home,
        budget,
        (name) => hidingPart(`${home}/${name}/x`, look.indicators) !== null && isOddHomeName(name),
      );
  }
  for (const folder of SYSTEM)
    hiddenIn(look, gathered, folder, budget, (name) => name.startsWith('.') && !ORDINARY.test(name));
  for (const name of listFolder(look, 'dropped-files', '/run/user'))
    walk(look, gathered, `/run/user/${name}`, 2, budget);
  if (budget.left <= 0) {
    look.unknowns.push({
      scope: 'dropped-files',
      what: 'folders for temporary files',
      reason: `they hold more than ${MOST} files; the rest was not looked at`,
    });
  }
  return budget.seen;
}

/** Work trees hold thousands of files; what runs out of them shows up as a process or an entry. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.pnpm',
  '__pycache__',
  '.svn',
  '.hg',
]);

interface Budget {
  left: number;
  seen: number;
}

function walk(look: Look, gathered: Gathered, folder: string, depth: number, budget: Budget): void {
  if (depth > DEEPEST || look.signal?.aborted) return;
  for (const name of listFolder(look, 'dropped-files', folder === '' ? '/' : folder)) {
    if (budget.left <= 0) return;
    budget.left -= 1;
    budget.seen += 1;
    const path = `${folder}/${name}`;
    const stats = statHere(look, path);
    if (stats === null) continue;
    const bind = bindMountOf(look, path);
    if (bind !== null) {
      const reason = `it is ${bind.origin}, shown here once more by a mount; nothing in it is judged by this place`;
      look.unknowns.push({ scope: 'dropped-files', what: path, reason });
    } else if (stats.isDirectory()) {
      if (!PASSED_OVER.has(name) && !isOwnQuarantine(path)) walk(look, gathered, path, depth + 1, budget);
    }
    // Programs, whatever hides, and anything that could be a library or an archive with its mode taken away.
    else if (
      stats.isFile() &&
      stats.size > 0n &&
      ((stats.mode & 0o111n) !== 0n ||
        placeSignals(path, false, look.indicators).some(({ weight }) => weight >= 40) ||
        depth === 0)
    ) {
      gathered.lyingAbout.push(path);
    }
  }
}

function hiddenIn(
  look: Look,
  gathered: Gathered,
  folder: string,
  budget: Budget,
  isOdd: (name: string) => boolean,
): void {
  for (const name of listFolder(look, 'dropped-files', folder === '' ? '/' : folder)) {
    budget.seen += 1;
    if (name === '.' || name === '..' || !isOdd(name)) continue;
    const path = `${folder}/${name}`;
    const stats = statHere(look, path);
    if (stats?.isDirectory()) walk(look, gathered, path, DEEPEST - 3, budget);
    else if (stats?.isFile()) gathered.lyingAbout.push(path);
  }
}

/** Homes are full of dot folders; only those that write-ups name are walked. */
function isOddHomeName(name: string): boolean {
  return /^(\.configrc\d*|\.rsync|\.\.\.+|\. +|\.\. +|\.ICEd-unix|\.xdiag|\.perf\.c|\.copydie|\.X\d+-unix|\.ddg|\.bin_|\.sysd)$/.test(
    name,
  );
}
