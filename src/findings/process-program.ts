import { isInterpreter, readArguments } from './command-reading.ts';
import type { ProgramRef } from './finding.ts';
import type { ObservedFile, ObservedProcess } from './observation.ts';

type Files = ReadonlyMap<string, ObservedFile>;

/** The file that a process really runs: its program as it still lies there, or the script that an interpreter was given. */
export function programFile(seen: ObservedProcess, files: Files): ObservedFile | null {
  if (!seen.sharesOurFiles || seen.isDeleted || seen.exe === null) return null;
  const exe = files.get(seen.exe);
  if (exe?.kind !== 'file' || exe.inode !== seen.process.exeInode) return null;
  if (!isInterpreter(seen.exe)) return exe;
  const { targets } = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder });
  const script = targets.find(({ path, use }) => use === 'run' && path !== seen.exe && !isInterpreter(path));
  const file = script === undefined ? undefined : files.get(script.path);
  return file?.kind === 'file' ? file : null;
}

/** What it is recognised by again; undefined as long as nobody asked for its hash. */
export function programRef(seen: ObservedProcess, files: Files): ProgramRef | null | undefined {
  const file = programFile(seen, files);
  if (file === null || file.identity === null) return null;
  return file.identity && { path: file.identity.path, sha256: file.identity.sha256 };
}
