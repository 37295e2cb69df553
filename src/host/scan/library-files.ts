import type { Gathered } from './gathered.ts';
import { cachedLibraries } from './linker-cache.ts';
import { type Look, readLines, resolve, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';
import { packageRemedy } from './package-remedy.ts';
import { pathsLike } from './paths-like.ts';
import { PLUGIN_FOLDERS } from './plugin-folders.ts';
import { listingSymbols } from './preload.ts';

/** A library, by the way that programs come to it. */
interface Candidate {
  /** As it is asked for, before links are followed. */
  readonly path: string;
  /** As half a sentence, for the reason. */
  readonly why: string;
  readonly namedAt?: { readonly path: string; readonly line?: number };
  /** There are hundreds: only those of no package are of interest. */
  readonly isUnownedOnly?: true;
  /** Without it nobody logs in: it is put back, not taken away. */
  readonly isCore?: true;
}

const MOST_UNOWNED = 50;

/**
 * Libraries that run in programs which name them nowhere: by nsswitch.conf, by the linker’s cache, by the folder they lie in. On a
 * stock system each is a package’s, and as it came.
 */
export async function enumerateLibraryFiles(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const cache = cachedLibraries(look);
  const byName = new Map<string, string>();
  for (const { name, path } of cache) if (!byName.has(name)) byName.set(name, path);
  const folders = SYSTEM_FOLDERS.flatMap((pattern) => pathsLike(look, 'preload', pattern));
  const find = (name: string): string | null =>
    byName.get(name) ??
    folders.map((folder) => `${folder}/${name}`).find((path) => statHere(look, path)) ??
    null;
  const candidates: readonly Candidate[] = [
    ...nameServices(look, find),
    ...CORE.flatMap((name) => {
      const path = find(name);
      return path === null ? [] : [{ path, why: `programs load it as ${name}`, isCore: true } as const];
    }),
    ...led(look, cache),
    ...PLUGIN_FOLDERS.flatMap(({ patterns, why, ...rest }) =>
      patterns.flatMap((pattern) =>
        pathsLike(look, 'preload', pattern).map((path) => ({ path, why, ...rest })),
      ),
    ),
  ];
  const asked = await ownership.owners(candidates.map(({ path }) => path));
  const real = new Map<string, Candidate>();
  for (const candidate of candidates) {
    if (candidate.isUnownedOnly === true && typeof asked.get(candidate.path) === 'string') continue;
    const path = resolve(look, candidate.path);
    if (path !== null && !real.has(path) && statHere(look, path)?.isFile()) real.set(path, candidate);
  }
  const owners = await ownership.owners([...real.keys()]);
  let unowned = 0;
  for (const [path, candidate] of real) {
    const owner = owners.get(path);
    // Nobody can be asked who brought what: only what lies where no library belongs is odd by itself.
    if (owner === undefined) continue;
    if (owner === null) {
      unowned += 1;
      if (unowned > MOST_UNOWNED) {
        const reason = `no package brought more than ${MOST_UNOWNED} of them, as when they were built by hand: the rest was not judged`;
        look.unknowns.push({ scope: 'preload', what: 'libraries that programs load unasked', reason });
        break;
      }
      markUnowned(look, gathered, path, candidate, asked.get(candidate.path) ?? null);
    } else if (candidate.isUnownedOnly !== true && (await ownership.integrity(path, owner)) === 'changed')
      markFile(look, gathered, {
        ...{
          part: 'preload',
          code: 'library-changed',
          path,
          package: owner,
          details: { why: candidate.why },
        },
        advice: `with a root shell kept open: keep it as evidence, then install the package ${owner} again`,
        ...packageRemedy(look, owner, 'leave'),
      });
  }
  return candidates.length;
}

function markUnowned(
  look: Look,
  gathered: Gathered,
  path: string,
  { path: asked, why, namedAt, isCore }: Candidate,
  ownerOfLink: string | null,
): void {
  const isLedAstray = ownerOfLink !== null;
  // A libc has such functions because they are its own.
  const hides = isCore === true ? '' : listingSymbols(look, path);
  markFile(look, gathered, {
    ...{ part: 'preload', code: 'library-unowned', path, package: null },
    details: {
      why,
      ...(isLedAstray ? { link: asked, owner: ownerOfLink } : {}),
      ...(hides === '' ? {} : { hides }),
    },
    advice: isLedAstray
      ? `with a root shell kept open: install the package ${ownerOfLink} again, whose link leads here, then take it away`
      : 'with a root shell kept open: have the package’s own found again (ldconfig), then take it away',
    ...(namedAt === undefined ? {} : { namedAt }),
    // The linker passes over what is not there; of these a package’s own may not be found in its stead.
    ...(isLedAstray || isCore === true ? {} : { role: 'preload-library' }),
  });
}

const SYSTEM_FOLDERS = ['/usr/lib/*-linux-*', '/usr/lib64', '/usr/lib', '/lib/*-linux-*', '/lib64', '/lib'];
const OF_SYSTEM = /^\/(?:usr\/)?lib(?:64|32|x32)?(?:\/[^/]+-linux-[^/]+)?(?:\/glibc-hwcaps\/[^/]+)?\/[^/]+$/;

/** What log-in, sudo and the tools that list things load: Ebury took libkeyutils, others libc and libpam. */
const CORE = [
  ...['libc.so.6', 'libpam.so.0', 'libpam_misc.so.0', 'libcrypt.so.1', 'libkeyutils.so.1', 'libselinux.so.1'],
  ...['libaudit.so.1', 'libcap.so.2', 'libcap-ng.so.0', 'libwrap.so.0', 'liblzma.so.5', 'libz.so.1'],
  ...[
    'libdl.so.2',
    'libpthread.so.0',
    'libutil.so.1',
    'libproc2.so.0',
    'libprocps.so.8',
    'libgssapi_krb5.so.2',
  ],
  ...['libsystemd.so.0', 'ld-musl-x86_64.so.1', 'ld-musl-aarch64.so.1'],
];

/** nsswitch.conf(5): a service is a library by its name, loaded by whatever asks for a user, a group or a host. */
function nameServices(look: Look, find: (name: string) => string | null): Candidate[] {
  const path = '/etc/nsswitch.conf';
  const found = new Map<string, Candidate>();
  (readLines(look, 'preload', path) ?? []).slice(0, 200).forEach((text, index) => {
    const [database = '', services = ''] = text
      .replace(/#.*$/, '')
      .replace(/\[[^\]]*\]/g, ' ')
      .split(':');
    for (const service of services.split(/\s+/).filter((name) => /^[\w-]{1,64}$/.test(name))) {
      const library = found.has(service) ? null : find(`libnss_${service}.so.2`);
      if (library === null) continue;
      const why = `${path} has it loaded by whatever asks for ${database.trim()}`;
      found.set(service, { path: library, why, namedAt: { path, line: index + 1 } });
    }
  });
  return [...found.values()];
}

/** `ldconfig FOLDER` puts a folder into the cache that no list names: one library for each of such folders. */
function led(look: Look, cache: readonly { readonly name: string; readonly path: string }[]): Candidate[] {
  const listed = new Set(
    ['/etc/ld.so.conf', ...pathsLike(look, 'preload', '/etc/ld.so.conf.d/*')].flatMap((path) =>
      (readLines(look, 'preload', path) ?? []).map((line) => line.trim().replace(/\/+$/, '')),
    ),
  );
  const found = new Map<string, Candidate>();
  for (const { name, path } of cache) {
    const folder = path.slice(0, path.lastIndexOf('/')).replace(/\/glibc-hwcaps\/.*$/, '');
    if (OF_SYSTEM.test(path) || listed.has(folder) || found.has(folder) || found.size >= 50) continue;
    const why = `the linker’s cache gives it to whatever asks for ${name}, though no list of folders names ${folder}`;
    found.set(folder, { path, why, namedAt: { path: '/etc/ld.so.cache' } });
  }
  return [...found.values()];
}
