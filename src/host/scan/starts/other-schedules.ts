import type { ScanScope } from '../../../findings/scan.ts';
import { type Look, readLines } from '../look.ts';
import { type ParsedStart, parseLines, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Tables of the schedulers that are not cron: incrontab(5), which waits for a file to change, and fcrontab(5). */
export const otherSchedules: StartReader = {
  mechanism: 'other-schedule',
  *list(look, scope) {
    for (const folder of ['/etc/incron.d', '/var/spool/incron', ...otherFolders(look, scope)])
      yield* placesIn(look, scope, folder, { as: 'drop-in', parse: parseIncron });
    yield { path: '/etc/fcrontab', account: null, as: 'lines', parse: parseFcron };
    // Beside each NAME.orig, which is text, fcron keeps what it made of it.
    yield* placesIn(look, scope, '/var/spool/fcron', { as: 'lines', parse: parseFcron, name: /\.orig$/ });
  },
};

/** incron.conf(5): other folders than these. */
function otherFolders(look: Look, scope: ScanScope): string[] {
  return (readLines(look, scope, '/etc/incron.conf') ?? []).flatMap(
    (line) => /^\s*(?:system|user)_table_dir\s*=\s*(\/\S+)/.exec(line)?.[1] ?? [],
  );
}

/** `PATH MASK COMMAND`; a space within the path is escaped. */
const INCRON = /^((?:\\.|[^\s\\])+)\s+(\w+(?:[,=]\w+)*)\s+(\S.*)$/;
/** `@ 30 x`, `%nightly * 2-4 x`, `& 5 4 * * * x`, and five fields as of cron; options as `&bootrun,serial` first. */
const FCRON = /^(?:@\S*\s+\w+|%\S+(?:\s+[\d*][\d*,/~-]*)+|(?:&\S*\s+)?(?:[\d*][\w*,/~-]*\s+){5})\s*(\S.*)$/;

function parseIncron({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => INCRON.exec(line.trim())?.[3]);
}

function parseFcron({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => FCRON.exec(line.trim())?.[1]);
}
