/** What a thing leads to: files, addresses, processes. By it findings are judged by each other and related. */
import { isInterpreter, normalise, readArguments, readCommand, type Target } from './command-reading.ts';
import type { Finding } from './finding.ts';
import { addressesOf } from './judge-entry.ts';
import type { WantedFile } from './known-bad.ts';
import type {
  ObservedConnection,
  ObservedCronScript,
  ObservedFile,
  ObservedLine,
  ObservedProcess,
  ObservedUnit,
  Setting,
} from './observation.ts';
import type { ObservedContainer } from './observed-container.ts';
import type { ObservedStart } from './observed-start.ts';

export interface Links {
  readonly files: readonly LinkedFile[];
  readonly addresses: readonly string[];
  /** The process it is, or belongs to. */
  readonly pid: number | null;
  /** The unit it is, or belongs to. */
  readonly unit: string | null;
  readonly activates: string | null;
}

export interface LinkedFile {
  /** Real path. */
  readonly path: string;
  /** As it was named. */
  readonly named: string;
  readonly use: WantedFile['use'];
}

export interface Linked {
  readonly finding: Finding;
  readonly links: Links;
}

const NONE: Links = { files: [], addresses: [], pid: null, unit: null, activates: null };

type Files = ReadonlyMap<string, ObservedFile>;

export const linksOf = {
  none: (): Links => NONE,
  pid: (pid: number | null): Links => ({ ...NONE, pid }),
  address: (address: string): Links => ({ ...NONE, addresses: [address] }),

  connection: (seen: ObservedConnection): Links => ({
    ...NONE,
    addresses: [seen.remoteAddress],
    pid: seen.pid,
  }),

  file: (path: string, file: ObservedFile, setting: Setting): Links => {
    const isShort = file.content === 'script' && file.head.length < 16_384;
    const named = isShort ? readCommand(file.head, { home: null, workingFolder: null }).targets : [];
    return {
      ...NONE,
      files: [{ path, named: file.path, use: 'named' }, ...targetFiles(named, new Map())],
      addresses: isShort ? addressesOf(file.head, setting) : [],
    };
  },

  process: (seen: ObservedProcess, files: Files, setting: Setting): Links => {
    const pid = seen.process.pid;
    const unit = /\/([^/]+\.service)$/.exec(seen.cgroup ?? '')?.[1] ?? null;
    const addresses = addressesOf(seen.commandLine.join(' '), setting);
    if (!seen.sharesOurFiles) return { ...NONE, pid, unit, addresses };
    const reading = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder });
    const exe = seen.exe === null ? undefined : files.get(seen.exe);
    const isSame = exe?.inode !== undefined && exe.inode === seen.process.exeInode && exe.realPath !== null;
    const own: LinkedFile[] = isSame
      ? [{ path: exe.realPath ?? exe.path, named: exe.path, use: 'executable' }]
      : [];
    const runs = reading.targets.filter((target) => target.use === 'run' && target.path !== seen.exe);
    // What argv[0] says is only a claim; the script that an interpreter was given is not.
    const scripts = seen.exe !== null && isInterpreter(seen.exe) ? runs : [];
    const configs = (seen.traces ?? [])
      .filter(({ kind }) => kind === 'miner-config')
      .map(({ place }): Target => ({ path: place, use: 'named' }));
    return {
      ...NONE,
      pid,
      unit,
      addresses,
      files: [...own, ...targetFiles([...scripts, ...configs], files)],
    };
  },

  line: (seen: ObservedLine, files: Files, setting: Setting): Links => {
    if (seen.role === 'preload-entry') {
      const path = seen.details.library ?? '';
      return { ...NONE, files: [{ path: files.get(path)?.realPath ?? path, named: path, use: 'preloaded' }] };
    }
    if (seen.role === 'hosts-line')
      return { ...NONE, addresses: [seen.details.address ?? ''].filter(Boolean) };
    if (seen.command === null) return NONE;
    const reading = readCommand(seen.command, { home: seen.home, workingFolder: seen.home });
    const { library } = seen.details;
    const loaded: LinkedFile[] =
      library === undefined
        ? []
        : [{ path: files.get(library)?.realPath ?? library, named: library, use: 'preloaded' }];
    return {
      ...NONE,
      files: [...loaded, ...targetFiles(reading.targets, files)],
      addresses: addressesOf(seen.command, setting),
    };
  },

  unit: (seen: ObservedUnit, files: Files, setting: Setting): Links => {
    const readings = seen.commands.map((command) =>
      readCommand(command, { home: seen.home, workingFolder: null }),
    );
    return {
      ...NONE,
      unit: seen.unit,
      activates: seen.activates,
      files: targetFiles(
        readings.flatMap((reading) => reading.targets),
        files,
      ),
      addresses: addressesOf(seen.commands.join('\n'), setting),
    };
  },

  /** Its paths are its own, not the host's. */
  container: (seen: ObservedContainer, setting: Setting): Links => ({
    ...NONE,
    pid: seen.pid,
    addresses: addressesOf(seen.command.join(' '), setting),
  }),

  start: (seen: ObservedStart, files: Files, setting: Setting): Links => {
    const text = seen.commands.map((command) => command.text).join('\n');
    const targets = seen.commands.flatMap(
      (command) => readCommand(command.text, { home: seen.home, workingFolder: null }).targets,
    );
    const { path } = seen.file;
    const own: LinkedFile[] = seen.line === null ? [{ path, named: path, use: 'named' }] : [];
    return {
      ...NONE,
      files: [...own, ...targetFiles(targets, files)],
      addresses: addressesOf(text, setting),
    };
  },

  cronScript: (seen: ObservedCronScript, files: Files, setting: Setting): Links => ({
    ...NONE,
    files: targetFiles(readCommand(seen.text, { home: '/root', workingFolder: '/' }).targets, files),
    addresses: addressesOf(seen.text, setting),
  }),
};

function targetFiles(targets: readonly Target[], files: Files): LinkedFile[] {
  return targets.map(({ path, use }) => ({
    path: files.get(path)?.realPath ?? normalise(path),
    named: path,
    use,
  }));
}
