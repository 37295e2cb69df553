import { scriptCommands } from '../../../findings/start-script.ts';
import { readStored } from '../../../findings/stored-text.ts';
import type { Enumerator, Gathered } from '../gathered.ts';
import { type Look, listFolder, readBytes, statHere } from '../look.ts';
import { markSetting } from '../mark-setting.ts';

const SCOPE = 'boot';
const FOLDERS = ['/var/lib/mysql', '/var/lib/mariadb', '/data/mysql'];
/** Jobs with what they are given and their scripts, and older scripts (tables_xxl_job.sql of XXL-Job). */
const TABLES = ['xxl_job_info.ibd', 'xxl_job_logglue.ibd'];
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_FOUND = 20;

/**
 * Commands in XXL-Job’s tables of MySQL or MariaDB. InnoDB’s files are not taken apart: their text is searched, and what is
 * told says so, since a row that was removed may still stand there, and a long one somewhere else.
 */
export const enumerateXxlJobs: Enumerator = (look, gathered) => {
  const folders = new Map<string, string>();
  for (const folder of [...FOLDERS, ...running(gathered)]) {
    const stats = statHere(look, folder);
    if (stats?.isDirectory()) folders.set(`${stats.dev}:${stats.ino}`, folder);
  }
  let seen = 0;
  for (const folder of folders.values())
    for (const database of listFolder(look, SCOPE, folder)) {
      // Of hundreds of databases only one has such tables: asking for both costs less than listing each.
      for (const table of TABLES) {
        const path = `${folder}/${database}/${table}`;
        if (statHere(look, path)?.isFile() !== true) continue;
        searchTable(look, gathered, path);
        seen += 1;
      }
    }
  return seen;
};

/** A server is in the folder of its data. */
function running(gathered: Gathered): string[] {
  return gathered.processes
    .filter(
      ({ process, workingFolder }) => /^(mysqld|mariadbd)$/.test(process.name) && workingFolder !== null,
    )
    .map(({ process, sharesOurFiles, workingFolder }) =>
      sharesOurFiles && workingFolder !== null ? workingFolder : `/proc/${process.pid}/cwd`,
    );
}

/** What stands directly before or behind a script or a command, with nothing between them: values of other columns. */
const BESIDE =
  /GLUE_(?:SHELL|PYTHON|PHP|NODEJS|POWERSHELL|GROOVY)|command(?:Job)?Handler|SERIAL_EXECUTION|DISCARD_LATER|COVER_EARLY/;

function searchTable(look: Look, gathered: Gathered, path: string): void {
  const file = readBytes(look, SCOPE, path, MOST_BYTES);
  if (file === null) return;
  if (file.isCut) {
    const reason = `it is larger than ${MOST_BYTES / 1024 / 1024} MiB; only its beginning was looked at`;
    look.unknowns.push({ scope: SCOPE, what: path, reason });
  }
  const told = new Set<string>();
  for (const run of file.bytes.toString('latin1').match(/[\t\r\n -~]{12,}/g) ?? [])
    for (const piece of run.split(BESIDE))
      for (const { text } of scriptCommands(piece)) if (readStored(text)?.kind === 'command') told.add(text);
  for (const text of [...told].slice(0, MOST_FOUND))
    markSetting(look, gathered, {
      part: SCOPE,
      code: 'stored-command',
      name: `a command in a table of XXL-Job: ${text.slice(0, 80)} (${path})`,
      path,
      details: { kind: 'command', value: text },
      advice:
        'it was found as text, and may have been removed since: SELECT id, job_desc, executor_param, glue_source FROM xxl_job_info shows it; stop and delete the job in XXL-Job, or DELETE its row',
    });
}
