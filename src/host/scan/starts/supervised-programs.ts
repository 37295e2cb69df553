import type { ScanScope } from '../../../findings/scan.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type Look, listFolder } from '../look.ts';
import { includedFiles } from './included-files.ts';
import {
  firstGroup,
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** What another supervisor than systemd keeps running: supervisord, runit, s6, daemontools, inetd, xinetd, monit. */
export const supervisedPrograms: StartReader = {
  mechanism: 'supervised-program',
  *list(look, scope) {
    for (const { files, folders, parse, includes } of FAMILIES) {
      const settings = { as: 'drop-in', parse } as const;
      for (const path of files) yield { path, account: null, ...settings };
      const inFolders = folders.flatMap((folder) => [...placesIn(look, scope, folder, settings)]);
      yield* inFolders;
      const paths = [...files, ...inFolders.map(({ path }) => path)];
      for (const path of includedFiles(look, scope, paths, includes))
        yield { path, account: null, ...settings };
    }
    for (const path of [...STAGES, ...serviceScripts(look, scope)])
      yield { path, account: null, as: 'file', parse: parseProgram };
    yield* placesIn(look, scope, '/etc/cont-init.d', { as: 'file', parse: parseProgram });
  },
};

interface Family {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly parse: (text: StartText) => ParsedStart;
  readonly includes: (line: string) => readonly string[];
}

const FAMILIES: readonly Family[] = [
  {
    files: ['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'],
    folders: ['/etc/supervisor/conf.d', '/etc/supervisord.d', '/etc/supervisor.d'],
    parse: parseSupervisor,
    includes: (line) => /^files\s*[=:]\s*(.*)$/i.exec(line)?.[1]?.trim().split(/\s+/) ?? [],
  },
  {
    files: ['/etc/monit/monitrc', '/etc/monitrc'],
    folders: ['/etc/monit/conf.d', '/etc/monit/conf-enabled', '/etc/monit.d'],
    parse: parseMonit,
    includes: (line) => /^\s*include\s+["']?([^\s"']+)/i.exec(line)?.slice(1) ?? [],
  },
  {
    files: ['/etc/inetd.conf', '/etc/xinetd.conf'],
    folders: ['/etc/xinetd.d', '/etc/inetd.d'],
    parse: parseInetd,
    includes: (line) => /^\s*include(?:dir)?\s+(\S+)/.exec(line)?.slice(1) ?? [],
  },
];

/** runit(8) runs these at the start and the end of the host. */
const STAGES = ['/etc/runit/1', '/etc/runit/2', '/etc/runit/3', '/etc/runit/ctrlaltdel'];
const SERVICES = [
  '/etc/sv',
  '/etc/runit/runsvdir/default',
  '/etc/service',
  '/etc/s6/sv',
  '/etc/s6-overlay/s6-rc.d',
  '/etc/services.d',
  '/service',
];
/** runsv(8), s6-supervise: at its start, its end, when it is asked for, and the same of its log. */
const SCRIPTS = ['run', 'finish', 'check', 'up', 'down', 'crash', 'log/run', 'log/finish'];

function serviceScripts(look: Look, scope: ScanScope): string[] {
  return SERVICES.flatMap((folder) =>
    listFolder(look, scope, folder).flatMap((name) => {
      const service = `${folder}/${name}`;
      const control = listFolder(look, scope, `${service}/control`).map((one) => `control/${one}`);
      return [...SCRIPTS, ...control].map((one) => `${service}/${one}`);
    }),
  );
}

/**
 * Settings as Python’s ConfigParser reads them: keys in any case, `=` or `:`, further lines that begin with a blank,
 * a comment after ` ;`. What is on a further line is taken for a command of its own.
 */
function parseSupervisor({ path, text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const here = path.slice(0, path.lastIndexOf('/'));
  let key = '';
  for (const { line, number } of numberedLines(text)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    let value = line.trim();
    if (/^\S/.test(line)) {
      const [, name = '', rest = ''] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      key = name.toLowerCase();
      value = rest;
    }
    const bare = value.replace(/\s+;.*$/, '').replaceAll('%(here)s', here);
    if (key === 'command' && bare !== '')
      commands.push({ text: bare.replace(/^"([^"]*)"$/, '$1'), line: number });
    const library =
      key === 'environment' ? /\bLD_(?:PRELOAD|AUDIT)\s*=\s*["']?([^"',\s]+)/.exec(bare)?.[1] : undefined;
    if (library !== undefined) commands.push({ text: `LD_PRELOAD=${library} :`, line: number });
  }
  return { commands, isNothing: commands.length === 0 };
}

/** monit(1): words in any case, with or without `=`; `path` names a program where one is checked. */
const MONIT = /\b(?:start|stop|restart|exec)\b(?:\s+program)?\s*=?\s*(?:"([^"]*)"|'([^']*)'|(\/\S+))/gi;
const MONIT_PATH = /\bcheck\s+program\s.*?\bpath\s*=?\s*(?:"([^"]*)"|'([^']*)'|(\/\S+))/gi;

function parseMonit({ text }: StartText): ParsedStart {
  return parseLines(text, (line) =>
    [...line.matchAll(MONIT), ...line.matchAll(MONIT_PATH)].flatMap((match) => firstGroup(match) ?? []),
  );
}

/** `ssh stream tcp nowait root /usr/sbin/sshd sshd -i` of inetd.conf(5); `server =` of xinetd.conf(5). */
const INETD =
  /^\s*\w\S*\s+(?:stream|dgram|raw|rdm|seqpacket|tcpmux)\s+\S+\s+\S+\s+\S+\s+(\/\S+)(?:\s+\S+(.*))?$/;
const XINETD = /^\s*server\s*=\s*(\S.*)$/i;

function parseInetd({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const inetd = INETD.exec(line.trimEnd());
    return inetd === null ? XINETD.exec(line)?.[1] : `${inetd[1]}${inetd[2] ?? ''}`;
  });
}
