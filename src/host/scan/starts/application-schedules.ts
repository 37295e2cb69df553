import type { ScanScope } from '../../../findings/scan.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import { scriptCommands } from '../../../findings/start-script.ts';
import { lineCounter } from '../../../text/numbered-lines.ts';
import { type Look, listFolder } from '../look.ts';
import {
  type ParsedStart,
  parseProgram,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

const JENKINS = ['/var/lib/jenkins', '/var/jenkins_home', '/root/.jenkins'];
/** `xxl.job.executor.logpath`, by default; an executor writes the scripts that it is sent below it (XxlJobFileAppender). */
const XXL_JOB = ['/data/applogs/xxl-job/jobhandler/gluesource', '/var/log/xxl-job/jobhandler/gluesource'];
const DEEPEST = 4;

/**
 * What schedulers of applications keep on disk: jobs of Jenkins (jobs/NAME/config.xml, in folders jobs/F/jobs/NAME), the
 * Groovy that Jenkins runs when it starts (init.groovy.d), scripts of XXL-Job. What is only in a
 * database is read in databases/. A job goes as a whole: without one of its lines the XML may be none.
 */
export const applicationSchedules: StartReader = {
  mechanism: 'application-schedule',
  *list(look, scope) {
    for (const home of JENKINS) {
      for (const folder of jobFolders(look, scope, `${home}/jobs`, DEEPEST))
        yield { path: `${folder}/config.xml`, account: null, as: 'file', parse: parseJenkins };
      yield* placesIn(look, scope, `${home}/init.groovy.d`, {
        as: 'file',
        parse: parseGroovy,
        name: /\.groovy$/,
      });
    }
    for (const folder of XXL_JOB)
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseGlue, name: /\.(sh|py|php|js|ps1)$/ });
  },
};

function* jobFolders(look: Look, scope: ScanScope, jobs: string, depth: number): Generator<string> {
  for (const name of listFolder(look, scope, jobs)) {
    const folder = `${jobs}/${name}`;
    yield folder;
    if (depth > 1) yield* jobFolders(look, scope, `${folder}/jobs`, depth - 1);
  }
}

/** Steps that run a shell (hudson.tasks.Shell, `<command>`), and pipelines in Groovy (`<script>`). */
function parseJenkins({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const lineAt = lineCounter(text);
  for (const found of text.matchAll(/<(command|script)>([^<]{1,65536})<\/\1>/g)) {
    const from = lineAt(found.index);
    const inner = withoutEntities(found[2] ?? '');
    const read = found[1] === 'command' ? scriptCommands(inner) : groovyCommands(inner);
    for (const command of read) commands.push({ ...command, line: command.line + from - 1 });
  }
  return { commands, isScript: true, isNothing: commands.length === 0 };
}

function withoutEntities(text: string): string {
  const NAMED: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    '#xd': '',
    '#13': '',
  };
  return text
    .replaceAll(/&(lt|gt|quot|apos|#xd|#13);/gi, (_, name: string) => NAMED[name.toLowerCase()] ?? '')
    .replaceAll('&amp;', '&');
}

function parseGroovy({ text }: StartText): ParsedStart {
  return { commands: groovyCommands(text), isScript: true };
}

/** What stands on a line that runs a text in quotes. */
const RUNNERS = [['.execute'], ['ProcessBuilder'], ['Runtime', 'exec']];

/** Texts that a line runs: `sh '…'` of a pipeline, `"…".execute()`, ProcessBuilder, in one or three quotes. */
function groovyCommands(text: string): StartCommand[] {
  const commands: StartCommand[] = [];
  const STRING = /(\bsh\b[^"'\n]{0,80})?("""|'''|"|')((?:\\.|(?!\2)[\s\S]){1,8192}?)\2/g;
  const lineAt = lineCounter(text);
  let lineEnd = -1;
  let isOfRunner = false;
  for (const found of text.matchAll(STRING)) {
    const end = found.index + found[0].length;
    if (end > lineEnd) {
      const start = text.lastIndexOf('\n', found.index) + 1;
      const next = text.indexOf('\n', end);
      lineEnd = next < 0 ? text.length : next;
      isOfRunner = RUNNERS.some((words) => {
        const line = text.slice(start, lineEnd);
        return words.every((word) => line.includes(word));
      });
    }
    if (found[1] === undefined && !isOfRunner) continue;
    const from = lineAt(found.index);
    for (const command of scriptCommands(found[3] ?? ''))
      commands.push({ ...command, line: command.line + from - 1 });
  }
  return commands;
}

/** They are given to an interpreter, whatever their bits say. */
function parseGlue(text: StartText): ParsedStart {
  return { ...parseProgram(text), isInert: false };
}
