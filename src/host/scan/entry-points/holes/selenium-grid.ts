import { isAbsolute, join } from 'node:path/posix';
import type { ObservedProcess } from '../../../../findings/observation.ts';
import type { Gathered } from '../../gathered.ts';
import { type Look, readLines, resolve } from '../../look.ts';
import { reachOf } from './reach.ts';

const SERVER = /(?:^|\/)selenium-server[\w.-]*\.jar$/;
/** A grid of version 4 asks for a name and a password if it was given one; before, there was no way to have it ask. */
const ASKS = /^--(?:username|password)\b/;

/**
 * Selenium Grid, whatever its version, starts the program that whoever reaches it names as the browser (“SeleniumGreed”, wiz.io);
 * selenium.dev, “Selenium Grid configuration options”: `--username`, `--password`, or the same in a file that `--config` names. Where
 * that cannot be read nothing is said. Processes and sockets must have been read.
 */
export function enumerateSeleniumGrids(look: Look, gathered: Gathered): number {
  for (const process of gathered.processes) {
    const { commandLine, owner } = process;
    const jar = commandLine.find((word) => SERVER.test(word));
    if (jar === undefined || commandLine.some((word) => ASKS.test(word)) || asksByFile(look, process))
      continue;
    const { pid } = process.process;
    const { from, by } = reachOf(look, gathered, [process]);
    gathered.marks.push({
      part: 'entry-points',
      code: 'open-grid',
      name: `Selenium Grid asks nobody who they are (process ${pid}, ${jar})`,
      place: { path: `/proc/${pid}/cmdline` },
      removable: null,
      details: { value: jar, reach: from, by },
      advice:
        'Start it with --username and --password (version 4), and let only the tests’ own hosts reach its port. There is no version that does without.',
      times: null,
      owner,
      package: undefined,
    });
  }
  return 0;
}

function asksByFile(
  look: Look,
  { commandLine, workingFolder, sharesOurFiles, process }: ObservedProcess,
): boolean {
  const there = sharesOurFiles ? look : { ...look, root: `${look.root}/proc/${process.pid}/root` };
  return commandLine.some((word, at) => {
    const named = /^--config=(.+)$/.exec(word)?.[1] ?? (commandLine[at - 1] === '--config' ? word : null);
    if (named === null) return false;
    const path = resolve(there, isAbsolute(named) ? named : join(workingFolder ?? '/', named));
    const lines = path === null ? null : readLines(there, 'entry-points', path);
    return lines === null || lines.some((line) => /^\s*"?(?:username|password)"?\s*[=:]/.test(line));
  });
}
