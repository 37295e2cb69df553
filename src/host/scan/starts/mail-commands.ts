import { listFolder } from '../look.ts';
import { includedFiles } from './included-files.ts';
import {
  firstGroup,
  homesOf,
  type ParsedStart,
  parseJoinedLines,
  parseLines,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/**
 * What a mail server pipes messages into: aliases(5), ~/.forward, procmailrc(5), maildropfilter(7), dot-qmail(5), and the
 * settings of the servers themselves. A message starts it.
 */
export const mailCommands: StartReader = {
  mechanism: 'mail-command',
  *list(look, scope) {
    const rest = { as: 'lines', parse: parseMail } as const;
    const maps = includedFiles(look, scope, [MAIN], mapsOf);
    const files = [...ALIASES, ...maps];
    for (const path of [...files, ...includedFiles(look, scope, files, includesOf)])
      yield { path, account: null, ...rest };
    for (const account of homesOf(look)) {
      const names = listFolder(look, scope, account.home).filter((name) => OF_A_HOME.test(name));
      const paths = names.map((name) => `${account.home}/${name}`);
      for (const path of [...paths, ...includedFiles(look, scope, paths, includesOf)])
        yield { path, account, ...rest };
    }
    for (const path of [MAIN, '/etc/postfix/master.cf', ...EXIM])
      yield { path, account: null, as: 'lines', parse: parseServer };
    const parts = '/etc/exim4/conf.d';
    for (const part of listFolder(look, scope, parts))
      yield* placesIn(look, scope, `${parts}/${part}`, { as: 'lines', parse: parseServer });
  },
};

const MAIN = '/etc/postfix/main.cf';
const ALIASES = [
  '/etc/aliases',
  '/etc/mail/aliases',
  '/etc/postfix/aliases',
  '/etc/procmailrc',
  '/etc/maildroprc',
];
const OF_A_HOME = /^\.(forward([+-].*)?|procmailrc|qmail(-.*)?|mailfilter)$/;
const EXIM = [
  '/etc/exim4/exim4.conf',
  '/etc/exim4/exim4.conf.template',
  '/etc/exim4/exim4.conf.localmacros',
  '/etc/exim/exim.conf',
];

/** `alias_maps = hash:/etc/aliases, lmdb:/etc/lists` of postconf(5). */
function mapsOf(line: string): string[] {
  if (!/^\s*(?:virtual_)?alias_(?:maps|database)\s*=/.test(line)) return [];
  return [...line.matchAll(/\b(?!mysql|pgsql|ldap|sqlite)[a-z]+:(\/[^\s,]+)/g)].map(
    (match) => match[1] ?? '',
  );
}

/** `:include:/path` of aliases, `INCLUDERC=` and `SWITCHRC=` of procmail, `include "x"` of maildrop. */
function includesOf(line: string): string[] {
  const one =
    /^\s*(?:INCLUDERC|SWITCHRC)\s*=\s*["']?([^\s"'#]+)|^\s*include\s+"([^"]+)"/.exec(line)?.slice(1) ?? [];
  const lists = [...line.matchAll(/:include:\s*"?([^\s,"]+)/g)].map((match) => match[1]);
  // $HOME stands for the folder that the file itself is in.
  return [...one, ...lists].flatMap((name) => name?.replace(/^\$\{?HOME\}?\//, '') ?? []);
}

/** An item of a list: `"|x -f"`, `|"x -f"`, `|x -f` up to the comma. */
const ITEM = /"((?:[^"\\]|\\.)*)"|\|\s*"((?:[^"\\]|\\.)*)"|([^\s,"][^,]*)/g;
/** Of Exim's filters and maildrop's; and of procmail what is run for its result: `* ? x`, `TRAP=x`, and its shell. */
const OTHERS = [
  /\b(?:pipe|xfilter|system)\s+"((?:[^"\\]|\\.)*)"/,
  /^\s*\*[\s!$\d^.+-]*\?(?!\?)\s*(\S.*)$/,
  /^\s*(?:TRAP|SHELL|SENDMAIL|LD_PRELOAD)\s*=\s*["']?(\S.*?)["']?\s*$/,
  /^\s*\w+\s*=\s*\|\s*(\S.*)$/,
  /^\s*\|\s*([^"\s].*)$/,
];

function parseMail({ text }: StartText): ParsedStart {
  return parseJoinedLines(text, (line) => {
    const found = OTHERS.flatMap((pattern) => pattern.exec(line)?.[1] ?? []);
    const backticks = [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    const list = line.replace(/^\s*(?:"[^"]*"|[^\s:"|,]+)\s*:(?!include:)/, '');
    const items = found.length > 0 ? [] : [...list.matchAll(ITEM)].flatMap(pipeOf);
    return [...found, ...backticks, ...items].map((one) => one.replace(/\\(["\\])/g, '$1'));
  });
}

function pipeOf([whole, quoted, piped, bare]: RegExpMatchArray): string[] {
  if (piped !== undefined && whole.startsWith('|')) return [piped];
  const [, command] = /^\|\s*(\S.*)$/s.exec((quoted ?? bare ?? '').trim()) ?? [];
  return command === undefined ? [] : [command.replace(/^"(.*)"$/s, '$1')];
}

/** `mailbox_command`, `argv=` of pipe(8) and spawn(8); `command =` and `${run{x}}` of Exim. */
const SERVER =
  /^\s*(?:mailbox_command|(?:daemon|command|shlib)_directory)\s*=\s*(\S.*)$|\bargv\s*=\s*(\S.*)$|^\s*(?:command|perl_startup)\s*=\s*(\S.*)$|\$\{run\s*(?:,\s*preexpand\s*)?\{([^}]+)\}/;

function parseServer({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => firstGroup(SERVER.exec(line)));
}
