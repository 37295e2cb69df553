import type { StartCommand } from '../../../findings/start-script.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { listFolder, statHere } from '../look.ts';
import { baseOf, type ParsedStart, type StartReader, type StartText } from './start-reader.ts';

/** Where Debian, Red Hat and others spool the jobs of at(1). */
const FOLDERS = ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs'];
/** Queue, job number, minute since the epoch; `=` while it runs (atd(8)). */
const JOB = /^[a-zA-Z=][0-9a-f]{5}[0-9a-f]{8}$/;

/** Jobs of at(1): each is a script with its whole environment before it. */
export const atJobs: StartReader = {
  mechanism: 'at-job',
  *list(look, scope) {
    for (const folder of FOLDERS) {
      for (const name of listFolder(look, scope, folder)) {
        if (name === '.SEQ' || name === '.lockfile') continue;
        const path = `${folder}/${name}`;
        const uid = Number(statHere(look, path)?.uid ?? -1);
        const account = look.accounts.find((one) => one.uid === uid) ?? null;
        yield { path, account, as: 'file', parse: parseJob };
      }
    }
  },
};

/** What at(1) itself writes: comments, `umask`, the environment with all that is special quoted, the ends of a here-document. */
const FRAME =
  /^\s*(#|$)|^umask [0-7]+$|^[A-Za-z_]\w*=(?:\\.|[^\\;|&<>()`$])*; export [A-Za-z_]\w*$|marcinDELIMITER[0-9a-f]+/;
/** `cd FOLDER || { … }` at the end of the environment. */
const INTO_FOLDER = /^cd (?:\\.|[^\\;|&<>()`$])* \|\| \{\s*$/;

function parseJob({ path, text, mode, isBinary }: StartText): ParsedStart {
  const isInert = !JOB.test(baseOf(path)) || (mode & 0o100) === 0;
  if (isBinary) return { commands: [], isInert };
  const lines = [...numberedLines(text)].map(({ line }) => line);
  const start = lines.findIndex((line) => INTO_FOLDER.test(line));
  const isRefusal = (index: number): boolean =>
    start >= 0 &&
    index >= start &&
    index <= start + 3 &&
    (index === start ||
      /^\s+(echo 'Execution directory inaccessible' >&2|exit 1)$|^\}$/.test(lines[index] ?? ''));
  const commands: StartCommand[] = [];
  lines.forEach((line, index) => {
    if (!FRAME.test(line) && !isRefusal(index)) commands.push({ text: line, line: index + 1 });
  });
  return { commands, isInert };
}
