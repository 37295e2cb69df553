import { closeSync, fstatSync, readSync } from 'node:fs';
import { HOLED_PROGRAMS, type HoledProgramName } from '../../../../findings/holed-programs.ts';
import { holesOf } from '../../../../findings/known-holes.ts';
import type { ObservedProcess } from '../../../../findings/observation.ts';
import { compareVersions } from '../../../../findings/version-order.ts';
import { openWithoutTrace, toFsPath } from '../../../file-identity.ts';
import { checkTime, type Look, listFolder, note, statHere } from '../../look.ts';
import { dependsOn, folderVersions, hasAppRouter, jarsBelow } from './folder-versions.ts';
import type { HoledPlace } from './holed-places.ts';
import { type JarVersion, jarVersions } from './jar-versions.ts';
import { isRuntime } from './process-paths.ts';
import type { ByteSource } from './zip-file.ts';

/** A program of a version with a known hole, before anybody asked who owns it and who reaches it. */
export interface SeenHole {
  readonly program: HoledProgramName;
  readonly version: string;
  /** As seen from below the root of its place, symlinks resolved. */
  readonly path: string;
  /** The archive within it that the version is of. */
  readonly within: string | null;
  readonly users: readonly ObservedProcess[];
  /** What it depends on besides its version. */
  readonly onlyIf: string | null;
  /** It was told by what runs, and by no file: `path` is the way to that from the host. */
  readonly isOfProcess?: true;
}

const MOST_JARS = 3_000;

/** What stands in the folders of a place, and in the Java archives there. `count` is told how many things were looked at. */
export function seenHoles(place: HoledPlace, count: (things: number) => void): readonly SeenHole[] {
  const names = new Map<string, ReadonlySet<string>>();
  for (const folder of place.folders.keys())
    names.set(folder, new Set(listFolder(place.look, 'entry-points', folder)));
  const jars = new Map(place.jars);
  for (const [folder, held] of names)
    for (const jar of jarsBelow(place.look, folder, held))
      if (!jars.has(jar)) jars.set(jar, place.folders.get(folder) ?? []);
  count(names.size + Math.min(jars.size, MOST_JARS));
  if (jars.size > MOST_JARS)
    place.look.unknowns.push({
      scope: 'entry-points',
      what: `${jars.size - MOST_JARS} Java archives`,
      reason: `there are more than ${MOST_JARS}; only so many were looked into`,
    });
  const written = [...names].flatMap(([folder, held]) => inFolder(place, folder, held));
  return [
    ...written,
    ...titledNext(place, written),
    ...oncePerProgram(
      [...jars].slice(0, MOST_JARS).flatMap(([path, users]) => inJar(place.look, path, users)),
    ),
  ];
}

/** A server has several archives of one version (activemq-broker, activemq-all) and is one program; a library is mended one by one. */
function oncePerProgram(seen: readonly SeenHole[]): readonly SeenHole[] {
  const keyOf = ({ program, version, path, users }: SeenHole): string => {
    if (program === 'log4j') return path;
    const where =
      users.length > 0
        ? users.map(({ process }) => process.pid).join(' ')
        : path.replace(/(?:\/(?:lib|libs|target))?\/[^/]+$/, '');
    return `${program} ${version} ${where}`;
  };
  return [...Map.groupBy(seen, keyOf).values()].flatMap((same) =>
    same[0]?.program === 'log4j' ? same : same.slice(0, 1),
  );
}

function inFolder(place: HoledPlace, folder: string, names: ReadonlySet<string>): SeenHole[] {
  return folderVersions(place.look, folder, names).flatMap(({ program, version, path }): SeenHole[] => {
    const holes = holesOf(program, version);
    if (holes === null) return [];
    const users = [...(place.folders.get(folder) ?? []), ...runningFrom(place, folder)];
    const onlyIf = holes === 'unreadable' ? null : holes.onlyIf;
    const seen = { program, version, path, within: null, users: [...new Set(users)], onlyIf };
    if (program === 'react-server-dom') return [ofServerComponents(place.look, folder, seen)];
    return program === 'next.js' ? ofNext(place.look, folder, seen) : [seen];
  });
}

/** What an application asks for itself it uses; what only came with something else it may not. */
function ofServerComponents(look: Look, folder: string, seen: SeenHole): SeenHole {
  const name = /react-server-dom-\w+/.exec(seen.path)?.[0] ?? '';
  const folders = [folder, ...seen.users.flatMap(({ workingFolder }) => workingFolder ?? [])];
  if (folders.some((one) => dependsOn(look, one, name))) return seen;
  return { ...seen, onlyIf: `the application uses it; its package.json does not name ${name}` };
}

/** Nothing if it answers for no React Server Components. */
function ofNext(look: Look, folder: string, seen: SeenHole): SeenHole[] {
  const works = seen.users.flatMap(({ workingFolder }) => workingFolder ?? []);
  const has = hasAppRouter(look, [...works, folder]);
  if (has !== null) return has ? [seen] : [];
  return [
    { ...seen, onlyIf: 'it uses the App Router; neither its source nor what was built tells that here' },
  ];
}

/**
 * What runs says its version in its title (`next-server (v15.0.3)`, next/src/server/lib/start-server.ts). It counts where no file
 * says the same: modules in archives (Yarn), or an upgrade after which nobody started it anew.
 */
function titledNext(place: HoledPlace, written: readonly SeenHole[]): SeenHole[] {
  return place.processes.flatMap((process): SeenHole[] => {
    const version = /^next-server \(v([\w.-]{1,64})\)/.exec(process.commandLine[0] ?? '')?.[1];
    if (version === undefined || !isRuntime(process)) return [];
    const holes = holesOf('next.js', version);
    if (holes === null || holes === 'unreadable') return [];
    if (written.some((one) => one.version === version && one.users.includes(process))) return [];
    const path = `/proc/${process.process.pid}/cmdline`;
    const seen = {
      program: 'next.js',
      version,
      path,
      within: null,
      users: [process],
      onlyIf: holes.onlyIf,
    } as const;
    return ofNext(place.look, process.workingFolder ?? '/', { ...seen, isOfProcess: true });
  });
}

/** Programs that bring their own, with all that runs in one folder. */
function runningFrom(place: HoledPlace, folder: string): readonly ObservedProcess[] {
  const isIn = (path: string | null) => path?.startsWith(`${folder}/`) === true;
  return place.processes.filter(({ exe, workingFolder }) => isIn(exe) || isIn(`${workingFolder}/`));
}

function inJar(look: Look, path: string, users: readonly ObservedProcess[]): SeenHole[] {
  return versionsAt(look, path).flatMap(({ program, version, within }): SeenHole[] => {
    if (version === null) {
      const reason = `it holds ${HOLED_PROGRAMS[program].name} and does not say of which version`;
      look.unknowns.push({ scope: 'entry-points', what: path, reason });
      return [];
    }
    const holes = holesOf(program, version);
    if (holes === null) return [];
    const onlyIf = holes === 'unreadable' ? null : (holes.onlyIf ?? withoutLookups(program, version, users));
    return [{ program, version, path, within, users, onlyIf }];
  });
}

/**
 * From 2.10 on Log4j can be told to look nothing up in messages; what a layout looks up is left (CVE-2021-45046,
 * logging.apache.org/security.html). null if what runs with it was not told.
 */
function withoutLookups(
  program: SeenHole['program'],
  version: string,
  users: readonly ObservedProcess[],
): string | null {
  const isTold = users.every(({ commandLine }) => commandLine.includes('-Dlog4j2.formatMsgNoLookups=true'));
  return program === 'log4j' && users.length > 0 && isTold && compareVersions(version, '2.10') >= 0
    ? 'its layout looks up what a request can set (${ctx:…}): it was started with log4j2.formatMsgNoLookups'
    : null;
}

function versionsAt(look: Look, path: string): readonly JarVersion[] {
  checkTime(look);
  try {
    if (!statHere(look, path)?.isFile()) return [];
    const fd = openWithoutTrace(toFsPath(look.root + path));
    try {
      const stats = fstatSync(fd);
      return stats.isFile() ? jarVersions(sourceOfFile(fd, stats.size), path) : [];
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    note(look, 'entry-points', path, error);
    return [];
  }
}

function sourceOfFile(fd: number, size: number): ByteSource {
  return {
    size,
    read: (at, length) => {
      if (at < 0 || at >= size) return Buffer.alloc(0);
      const bytes = Buffer.alloc(Math.min(length, size - at));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, at));
    },
  };
}
