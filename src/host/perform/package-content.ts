import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ReinstallPackage } from '../../operations/operation.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool, type ToolResult } from '../run-tool.ts';
import { ensurePrivateFolder } from './private-folder.ts';

/** A package's files, taken out of the very version that is installed, without any of its scripts. */
export interface PackageContent {
  /** Holds the files under their paths. */
  readonly folder: string;
  readonly version: string;
  /** What says that the package is the real one, in words. */
  readonly checkedBy: string;
}

interface Wanted {
  readonly name: string;
  readonly folder: string;
}

interface Found {
  readonly version: string;
  readonly path: string;
  readonly checkedBy: string;
}

const TIMELY = { timeoutMs: 30_000 };
const FETCHED = { timeoutMs: 5 * 60_000 };

/** From the manager's own cache, or fetched anew. A string: why it cannot be had. */
export async function openPackage(
  manager: ReinstallPackage['manager'],
  wanted: Wanted,
): Promise<PackageContent | string> {
  const tree = join(wanted.folder, 'tree');
  rmSync(wanted.folder, { recursive: true, force: true });
  ensurePrivateFolder(wanted.folder);
  mkdirSync(tree, { mode: 0o700 });
  const found = await FIND[manager](wanted);
  if (typeof found === 'string') return found;
  const problem = await unpack(manager, found.path, tree);
  return problem ?? { folder: tree, version: found.version, checkedBy: found.checkedBy };
}

/** The package's own file for a path of the host, /usr merged or not; null if it brings none. No symlink is followed. */
export function fileInPackage(folder: string, path: string): string | null {
  const others = path.startsWith('/usr/') ? [path.slice(4)] : [`/usr${path}`];
  return [path, ...others].map((one) => join(folder, one)).find((one) => isPlain(folder, one)) ?? null;
}

function isPlain(folder: string, path: string): boolean {
  const parts = path.slice(folder.length + 1).split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const stats = lstatSync(join(folder, ...parts.slice(0, depth)), { throwIfNoEntry: false });
    if (stats === undefined || (depth < parts.length ? !stats.isDirectory() : !stats.isFile())) return false;
  }
  return true;
}

/** One that is not installed is exit 1 of all of them; what could not be asked is another matter. */
function notThere(name: string, asked: ToolResult): string {
  if (asked.exitCode === null || asked.exitCode > 1) return toolFailure('asking for its version', asked);
  return `${name} is not installed any more`;
}

const FIND: Readonly<Record<ReinstallPackage['manager'], (wanted: Wanted) => Promise<Found | string>>> = {
  async apt({ name, folder }) {
    const asked = await runTool(
      ['dpkg-query', '-W', '-f', '${Version} ${Architecture}\\n', '--', name],
      TIMELY,
    );
    const [version = '', architecture = ''] = asked.stdout.toString('utf8').split('\n')[0]?.split(' ') ?? [];
    if (asked.exitCode !== 0 || version === '') return notThere(name, asked);
    const exact = `${name.replace(/:.*$/, '')}${architecture === 'all' ? '' : `:${architecture}`}=${version}`;
    const shown = await runTool(['apt-cache', 'show', '--', exact], TIMELY);
    const hash = /^SHA256: ([0-9a-f]{64})$/m.exec(shown.stdout.toString('utf8'))?.[1] ?? null;
    const fileName = `${name.replace(/:.*$/, '')}_${version.replaceAll(':', '%3a')}_${architecture}.deb`;
    const cached = join('/var/cache/apt/archives', fileName);
    if (hash !== null && (await sha256Of(cached)) === hash)
      return { version, path: cached, checkedBy: 'the hash in apt’s package lists' };
    // Without a list that knows this version, nothing says whether what lies in the cache is the real one.
    if (hash === null)
      return `apt’s lists do not know ${exact} (any more), so no copy of it could be checked`;
    const fetched = await runTool(
      ['apt-get', 'download', '-q', '-o', 'APT::Sandbox::User=root', '--', exact],
      { ...FETCHED, workingFolder: folder },
    );
    const [made] = readdirSync(folder).filter((one) => one.endsWith('.deb'));
    if (fetched.exitCode !== 0 || made === undefined)
      return `it is not in apt’s cache, and could not be fetched: ${toolFailure('apt-get download', fetched)}`;
    const path = join(folder, made);
    return (await sha256Of(path)) === hash
      ? { version, path, checkedBy: 'the hash in apt’s package lists' }
      : 'what was fetched has not the hash that apt’s lists name';
  },

  async dnf({ name, folder }) {
    const asked = await runTool(
      ['rpm', '-q', '--qf', '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n', '--', name],
      TIMELY,
    );
    const exact = asked.stdout.toString('utf8').split('\n')[0] ?? '';
    if (asked.exitCode !== 0 || exact === '') return notThere(name, asked);
    const cached = cachedRpm(exact);
    if (cached === null) {
      const fetched = await runTool(
        ['dnf', '-y', '-q', 'download', '--destdir', folder, '--', exact],
        FETCHED,
      );
      if (fetched.exitCode !== 0)
        return `it is not in dnf’s cache, and could not be fetched: ${toolFailure('dnf download', fetched)}`;
    }
    const path = cached ?? join(folder, `${exact}.rpm`);
    // A key that is not known is no check: then rpm prints NOKEY and fails, since 4.14 (rpmkeys(8)).
    const checked = await runTool(['rpm', '--checksig', '--', path], TIMELY);
    return checked.exitCode === 0 && /signatures OK|pgp/i.test(checked.stdout.toString('utf8'))
      ? { version: exact, path, checkedBy: 'its signature (rpm --checksig)' }
      : `the signature of ${path} could not be checked: ${toolFailure('rpm --checksig', checked)}`;
  },

  async apk({ name, folder }) {
    const asked = await runTool(['apk', 'list', '--installed', '--', name], TIMELY);
    const version = new RegExp(`^${name.replaceAll(/[.+]/g, '\\$&')}-(\\S+) `, 'm').exec(
      asked.stdout.toString('utf8'),
    )?.[1];
    if (asked.exitCode !== 0 || version === undefined) return notThere(name, asked);
    const fetched = await runTool(['apk', 'fetch', '--output', folder, '--', name], FETCHED);
    if (fetched.exitCode !== 0) return `it could not be fetched: ${toolFailure('apk fetch', fetched)}`;
    const path = join(folder, `${name}-${version}.apk`);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
      return `only another version than ${version} can be had; upgrade the package instead`;
    const checked = await runTool(['apk', 'verify', '--', path], TIMELY);
    return checked.exitCode === 0
      ? { version, path, checkedBy: 'its signature (apk verify)' }
      : `the signature of ${path} could not be checked: ${toolFailure('apk verify', checked)}`;
  },
};

/** null, or why not. */
async function unpack(
  manager: ReinstallPackage['manager'],
  path: string,
  tree: string,
): Promise<string | null> {
  if (manager === 'apt') return ended('dpkg-deb', ['dpkg-deb', '--extract', path, tree]);
  if (manager === 'apk') return ended('tar', ['tar', '-xzf', path, '-C', tree]);
  const archive = await runTool(['rpm2cpio', path], { ...FETCHED, maxBytes: 1024 * 1024 * 1024 });
  if (archive.exitCode !== 0 || archive.truncated) return toolFailure('rpm2cpio', archive);
  const cpio = [
    'cpio',
    '--extract',
    '--make-directories',
    '--preserve-modification-time',
    '--no-absolute-filenames',
    '--quiet',
  ];
  return ended('cpio', cpio, { input: archive.stdout, workingFolder: tree });
}

async function ended(
  name: string,
  argv: readonly string[],
  options: { readonly input?: Uint8Array; readonly workingFolder?: string } = {},
): Promise<string | null> {
  const result = await runTool(argv, { ...FETCHED, ...options });
  return result.exitCode === 0 ? null : toolFailure(name, result);
}

/** dnf 4 keeps packages in /var/cache/dnf/REPOSITORY/packages, dnf 5 in /var/cache/libdnf5. */
function cachedRpm(exact: string): string | null {
  for (const cache of ['/var/cache/libdnf5', '/var/cache/dnf']) {
    try {
      for (const repository of readdirSync(cache)) {
        const path = join(cache, repository, 'packages', `${exact}.rpm`);
        if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) return path;
      }
    } catch {
      // No such cache.
    }
  }
  return null;
}

async function sha256Of(path: string): Promise<string | null> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
