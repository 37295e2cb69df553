import { readArguments, readCommand, readSetting } from '../../findings/command-reading.ts';
import type { ObservedFile } from '../../findings/observation.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { observeFiles } from './observe-files.ts';
import type { Ownership } from './owning.ts';

/** Every path that an entry or a process leads to. */
export function pathsOf(gathered: Gathered): Set<string> {
  const paths = new Set<string>(gathered.lyingAbout);
  const add = (targets: readonly { readonly path: string }[]): void => {
    for (const { path } of targets) paths.add(path);
  };
  for (const seen of gathered.processes) {
    if (!seen.sharesOurFiles) continue;
    if (seen.exe !== null) paths.add(seen.exe);
    const { targets } = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder });
    add(targets.filter(({ use }) => use === 'run'));
    for (const path of seen.preload?.split(/[\s:]+/) ?? []) if (path.startsWith('/')) paths.add(path);
  }
  for (const seen of gathered.lines) {
    if (seen.details.library?.startsWith('/')) paths.add(seen.details.library);
    if (seen.command !== null)
      add(readCommand(seen.command, { home: seen.home, workingFolder: seen.home }).targets);
  }
  for (const seen of gathered.units) {
    for (const setting of seen.environment) {
      const library = /^LD_(?:PRELOAD|AUDIT)=(\/[^\s:]+)$/.exec(setting)?.[1];
      if (library !== undefined) paths.add(library);
    }
    for (const command of seen.commands)
      add(readCommand(command, { home: seen.home, workingFolder: null }).targets);
    for (const setting of seen.environment)
      add(readSetting(setting, { home: seen.home, workingFolder: null }).targets);
  }
  for (const seen of gathered.starts) {
    if (seen.line === null) paths.add(seen.file.path);
    for (const { text } of seen.commands)
      add(readCommand(text, { home: seen.home, workingFolder: null }).targets);
  }
  for (const seen of gathered.cronScripts) {
    paths.add(seen.file.path);
    add(readCommand(seen.text, { home: '/root', workingFolder: '/' }).targets);
  }
  return paths;
}

/** Script names script names script: a chain longer than this is not followed to its end. */
const MOST_MENTIONS = 5;

/** Further on: what short scripts that no package owns start in their turn, and what those start. */
export async function observeMentioned(
  look: Look,
  files: Map<string, ObservedFile>,
  ownership: Ownership,
): Promise<void> {
  let latest: Iterable<ObservedFile> = [...files.values()];
  for (let step = 0; step < MOST_MENTIONS; step += 1) {
    const more = new Set<string>();
    for (const file of latest) {
      if (file.content !== 'script' || file.head.length >= 16_384) continue;
      for (const { path } of readCommand(file.head, { home: null, workingFolder: null }).targets)
        if (!files.has(path)) more.add(path);
    }
    if (more.size === 0) return;
    const observed = await observeFiles(look, more, ownership);
    for (const [path, file] of observed) files.set(path, file);
    latest = observed.values();
  }
}
