import { entryFile, isAsPackaged } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linkTarget, listFolder, readLines, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';
import { parseUnitFile, type UnitFile } from './unit-file.ts';

const ROOTS = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
const TYPES = /\.(service|timer|path|socket)$/;

const EXTENSIONS = ['/etc', '/run', '/var/lib'].flatMap((parent): [string, string][] => [
  [`${parent}/extensions`, 'usr/lib/systemd/system'],
  [`${parent}/confexts`, 'etc/systemd/system'],
]);

interface UnitFolder {
  readonly path: string;
  /** null: the system's manager. */
  readonly user: string | null;
  readonly home: string | null;
}

/** Units, timers and drop-ins of every root that systemd reads, by our own reading: no service manager is needed. */
export async function enumerateUnits(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const folders = unitFolders(look);
  const enabled = new Set(folders.flatMap(({ path }) => enabledIn(look, path)));
  const candidates: { path: string; unit: string; isDropIn: boolean; folder: UnitFolder }[] = [];
  for (const folder of folders) {
    for (const name of listFolder(look, 'units', folder.path)) {
      if (TYPES.test(name))
        candidates.push({ path: `${folder.path}/${name}`, unit: name, isDropIn: false, folder });
      else if (/^(?:.+\.)?(service|timer|path|socket)\.d$/.test(name)) {
        for (const part of listFolder(look, 'units', `${folder.path}/${name}`)) {
          if (part.endsWith('.conf'))
            candidates.push({
              path: `${folder.path}/${name}/${part}`,
              unit: name.slice(0, -2),
              isDropIn: true,
              folder,
            });
        }
      }
    }
  }
  // One question for all: most units are a package's own, and those need no closer look than their hash.
  const real = new Map(candidates.map(({ path }) => [path, resolve(look, path)]));
  await ownership.owners([...real.values()].filter((path) => path !== null));
  const done = new Set<string>();
  for (const candidate of candidates) {
    const path = real.get(candidate.path);
    // An alias of a unit that is looked at anyway; a masked one leads to /dev/null, which is no file.
    if (path === null || path === undefined || done.has(path)) continue;
    done.add(path);
    await readUnit(look, gathered, ownership, { ...candidate, isEnabled: enabled.has(candidate.unit) });
  }
  return candidates.length;
}

function unitFolders(look: Look): UnitFolder[] {
  const folders: UnitFolder[] = [];
  const done = new Set<string>();
  const add = (path: string, user: string | null, home: string | null): void => {
    const real = resolve(look, path);
    if (real === null || done.has(real)) return;
    done.add(real);
    folders.push({ path: real, user, home });
  };
  for (const root of ROOTS) add(`${root}/systemd/system`, null, null);
  for (const folder of [
    '/run/systemd/transient',
    '/run/systemd/system.control',
    '/etc/systemd/system.control',
    '/etc/systemd/system.attached',
    '/run/systemd/system.attached',
  ])
    add(folder, null, null);
  for (const folder of GENERATED) add(`/run/systemd/${folder}`, null, null);
  for (const root of [...ROOTS, '/etc/xdg', '/usr/local/share', '/usr/share'])
    add(`${root}/systemd/user`, '*', null);
  // Laid over /usr and /etc when the host starts (systemd-sysext(8)).
  for (const [parent, within] of EXTENSIONS)
    for (const name of listFolder(look, 'units', parent)) add(`${parent}/${name}/${within}`, null, null);
  for (const uid of listFolder(look, 'units', '/run/user')) {
    const account = look.accounts.find((one) => String(one.uid) === uid);
    for (const inner of ['transient', 'user', 'user.control', ...GENERATED])
      add(`/run/user/${uid}/systemd/${inner}`, account?.name ?? uid, account?.home ?? null);
  }
  for (const { name, home } of look.accounts) {
    if (!home.startsWith('/') || home === '/') continue;
    add(`${home}/.config/systemd/user`, name, home);
    add(`${home}/.config/systemd/user.control`, name, home);
    add(`${home}/.local/share/systemd/user`, name, home);
  }
  return folders;
}

const MOST_VARIABLES = 200;

/** What is in the files that a unit takes its variables from. */
function variablesOf(look: Look, paths: readonly string[]): string[] {
  const lines = paths.slice(0, 8).flatMap((path) => {
    const real = path.startsWith('/') ? resolve(look, path) : null;
    return real === null ? [] : (readLines(look, 'units', real) ?? []);
  });
  return lines
    .flatMap((line) => {
      const [, name, value = ''] = /^\s*([A-Za-z_]\w*)=(.{0,4000})$/.exec(line) ?? [];
      return name === undefined ? [] : [`${name}=${value.trim().replace(/^(["'])(.*)\1$/, '$2')}`];
    })
    .slice(0, MOST_VARIABLES);
}

/** Units that something wants at start: names of the links in `*.wants`, `*.requires`, and aliases. */
function enabledIn(look: Look, folder: string): string[] {
  const names = listFolder(look, 'units', folder);
  const wanted = names
    .filter((name) => /\.(wants|requires|upholds)$/.test(name))
    .flatMap((name) => listFolder(look, 'units', `${folder}/${name}`));
  const aliases = names.flatMap((name) => {
    const target = TYPES.test(name) ? linkTarget(look, `${folder}/${name}`) : null;
    return target === null ? [] : [target.slice(target.lastIndexOf('/') + 1)];
  });
  return [...wanted, ...aliases];
}

interface Candidate {
  readonly path: string;
  readonly unit: string;
  readonly isDropIn: boolean;
  readonly isEnabled: boolean;
  readonly folder: UnitFolder;
}

async function readUnit(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  candidate: Candidate,
): Promise<void> {
  if (await isAsPackaged(look, candidate.path, ownership)) {
    gathered.packagedUnits.add(candidate.unit);
    return;
  }
  const file = await entryFile(look, 'units', candidate.path, ownership);
  if (file === null) return;
  if (typeof file.package === 'string') gathered.packagedUnits.add(candidate.unit);
  const lines = readLines(look, 'units', file.file.path);
  if (lines === null) return;
  const plain = parseUnitFile(lines);
  const unit =
    plain.environmentFiles.length === 0
      ? plain
      : parseUnitFile(lines, variablesOf(look, plain.environmentFiles));
  const isLink = statHere(look, candidate.path)?.isSymbolicLink() ?? false;
  const stem = candidate.unit.replace(/\.(timer|path|socket)$/, '.service');
  gathered.units.push({
    ...file,
    unit: candidate.unit,
    user: candidate.folder.user === '*' ? null : candidate.folder.user,
    isEnabled: candidate.isEnabled,
    isDropIn: candidate.isDropIn,
    commands: unit.commands,
    environment: unit.environment,
    takesFrom: unit.takesFrom,
    isUnexplained: isUnexplained(look, file.file.path, unit),
    lines: unit.lines,
    description: unit.description,
    restart: unit.restart,
    activates:
      /\.(timer|path|socket)$/.test(candidate.unit) && !candidate.isDropIn ? (unit.activates ?? stem) : null,
    home: candidate.folder.home,
    linkTarget: isLink ? file.file.path : null,
  });
}

/** Where generators write at each start and each `daemon-reload` (systemd.generator(7)). */
const GENERATED = ['generator.early', 'generator', 'generator.late'];
const OF_GENERATORS = /^\/run\/(?:user\/\d+\/)?systemd\/generator(?:\.early|\.late)?\//;

/**
 * A generator names what it made a unit from; what somebody laid there himself names nothing, or something that says nothing of the
 * programs which the unit starts.
 */
function isUnexplained(look: Look, path: string, { source, commands }: UnitFile): boolean {
  if (!OF_GENERATORS.test(path)) return false;
  if (source === null || !source.startsWith('/')) return true;
  if (source === '/proc/cmdline') return false;
  const real = resolve(look, source);
  // Of podman’s, the command is the generator’s own (podman-systemd.unit(5)).
  if (real !== null && /\.(?:container|kube|pod|volume|network|image|build)$/.test(source)) return false;
  const text = real === null ? '' : (readLines(look, 'units', real) ?? []).join('\n');
  return commands.some((command) => {
    const program = /^\/\S+/.exec(command)?.[0] ?? '';
    return program !== source && !text.includes(program.slice(program.lastIndexOf('/') + 1));
  });
}
