import type { HoledProgramName } from '../../../../findings/holed-programs.ts';
import { decodeHostBytes } from '../../../../text/host-bytes.ts';
import { type Look, listFolder, readBytes, resolve, statHere } from '../../look.ts';

/** A version that stands in a file below the folder that a program lies or works in. */
export interface FolderVersion {
  readonly program: HoledProgramName;
  readonly version: string;
  /** The file it was read in, as seen from inside, symlinks resolved. */
  readonly path: string;
}

interface VersionFile {
  readonly program: HoledProgramName;
  readonly file: string;
  readonly read: (text: string) => string | undefined;
}

const by = (pattern: RegExp) => (text: string) => pattern.exec(text)?.[1];

/** package.json(5) of npm. */
function versionOfPackage(text: string): string | undefined {
  try {
    const { version } = JSON.parse(text) as { readonly version?: unknown };
    return typeof version === 'string' && version.length <= 64 ? version : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where programs write down their version: `package.json` (npm, package.json(5)), pom.properties of Maven, GitLab's manifest of
 * what its package holds, Oracle's inventory, what Jenkins notes when it has started (2.0 is
 * what others write there to skip its first questions), phpMyAdmin's README.
 */
const FILES: readonly VersionFile[] = [
  { program: 'next.js', file: 'node_modules/next/package.json', read: versionOfPackage },
  ...['webpack', 'turbopack', 'parcel'].map(
    (bundler): VersionFile => ({
      program: 'react-server-dom',
      file: `node_modules/react-server-dom-${bundler}/package.json`,
      read: versionOfPackage,
    }),
  ),
  {
    program: 'confluence',
    file: 'confluence/META-INF/maven/com.atlassian.confluence/confluence-webapp/pom.properties',
    read: by(/^version=([\w.-]{1,64})/m),
  },
  { program: 'gitlab', file: 'version-manifest.txt', read: by(/^gitlab-(?:ce|ee|jh|fips) v?(\d[\w.]*)/m) },
  ...['inventory/registry.xml', 'registry.xml'].map(
    (file): VersionFile => ({
      program: 'weblogic',
      file,
      read: by(/name="WebLogic Server"[^>]{0,200}\sversion="([\d.]+)"/),
    }),
  ),
  {
    program: 'jenkins',
    file: 'jenkins.install.InstallUtil.lastExecVersion',
    read: by(/^(?!2\.0\s*$)([\d.]+)\s*$/),
  },
];

/** Jenkins that was never started since it keeps that note, or had it taken away. */
const JENKINS_CONFIG: VersionFile = {
  program: 'jenkins',
  file: 'config.xml',
  read: by(/<hudson>[\s\S]{0,4000}?<version>([\d.]+)<\/version>/),
};

const README: VersionFile = { program: 'phpmyadmin', file: 'README', read: by(/^Version (\d[\w.-]{0,30})/m) };
const MOST_BYTES = 256 * 1024;

/** What stands in the files of one folder; `names` is what it holds. */
export function folderVersions(
  look: Look,
  folder: string,
  names: ReadonlySet<string>,
): readonly FolderVersion[] {
  const files = FILES.filter(({ file }) => names.has(file.split('/')[0] ?? ''));
  const found = files.flatMap((one) => versionIn(look, folder, one));
  if (names.has('config.xml') && !found.some(({ program }) => program === 'jenkins'))
    found.push(...versionIn(look, folder, JENKINS_CONFIG));
  if (names.has('libraries') && names.has('themes') && names.has('README'))
    found.push(...versionIn(look, folder, README));
  return found;
}

function versionIn(look: Look, folder: string, { program, file, read }: VersionFile): FolderVersion[] {
  const path = resolve(look, `${folder}/${file}`);
  if (path === null || !statHere(look, path)?.isFile()) return [];
  const bytes = readBytes(look, 'entry-points', path, MOST_BYTES)?.bytes;
  const version = bytes === undefined ? undefined : read(decodeHostBytes(bytes));
  if (version !== undefined) return [{ program, version, path }];
  // Of the others many a program has one of that name.
  if (['node_modules', 'confluence', 'inventory'].includes(file.split('/')[0] ?? ''))
    look.unknowns.push({ scope: 'entry-points', what: path, reason: 'no version can be read in it' });
  return [];
}

/**
 * Whether an application of Next.js has the App Router, by its source or by what was built (nextjs.org, “Project structure”):
 * null if neither is there. Only then does it answer for React Server Components.
 */
export function hasAppRouter(look: Look, folders: readonly string[]): boolean | null {
  const has = (...names: readonly string[]) =>
    folders.some((folder) => names.some((name) => statHere(look, `${folder}/${name}`) !== null));
  if (
    has(
      '.next/server/app',
      '.next/server/app-paths-manifest.json',
      'app/layout.tsx',
      'app/layout.jsx',
      'app/layout.js',
    )
  )
    return true;
  if (has('src/app/layout.tsx', 'src/app/layout.jsx', 'src/app/layout.js')) return true;
  return has(
    '.next/server/pages',
    'pages/_app.tsx',
    'pages/_app.jsx',
    'pages/_app.js',
    'pages/index.tsx',
    'pages/index.jsx',
    'pages/index.js',
  )
    ? false
    : null;
}

/** Whether the package.json of an application names a package among what it needs when it runs. */
export function dependsOn(look: Look, folder: string, name: string): boolean {
  const bytes = readBytes(look, 'entry-points', `${folder}/package.json`, MOST_BYTES)?.bytes;
  try {
    const { dependencies } = JSON.parse(decodeHostBytes(bytes ?? Buffer.from('{}'))) as {
      readonly dependencies?: unknown;
    };
    return typeof dependencies === 'object' && dependencies !== null && Object.hasOwn(dependencies, name);
  } catch {
    return false;
  }
}

const MOST_JARS = 500;
const MOST_WEB_APPLICATIONS = 50;

/** Java archives where programs keep them: in the folder itself and below it. */
export function jarsBelow(look: Look, folder: string, names: ReadonlySet<string>): readonly string[] {
  const jarsAmong = (path: string, all: Iterable<string>): string[] =>
    [...all]
      .filter((name) => /\.(jar|war|ear)$/.test(name))
      .slice(0, MOST_JARS)
      .map((name) => `${path}/${name}`);
  const jarsIn = (path: string) => jarsAmong(path, listFolder(look, 'entry-points', path));
  const applications = names.has('webapps')
    ? listFolder(look, 'entry-points', `${folder}/webapps`).slice(0, MOST_WEB_APPLICATIONS)
    : [];
  return [
    ...jarsAmong(folder, names),
    ...['lib', 'libs', 'target']
      .filter((name) => names.has(name))
      .flatMap((name) => jarsIn(`${folder}/${name}`)),
    ...jarsAmong(`${folder}/webapps`, applications),
    ...applications
      .filter((name) => !name.endsWith('.war'))
      .flatMap((name) => jarsIn(`${folder}/webapps/${name}/WEB-INF/lib`)),
  ];
}
