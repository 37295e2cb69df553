import { numberedLines } from '../../../text/numbered-lines.ts';
import { perlCommands } from './perl-text.ts';
import { type ParsedStart, parseJoinedLines, parseLines, type StartText } from './start-reader.ts';

/** How servers write down what they are to start. What each of them takes was tried with the server itself. */

/** rsyslog.conf(5) `action(type="omprog" binary="X")` over several lines, in any case, and the older `^X`. */
const RSYSLOG = [
  /\bbinary\s*=\s*"([^"]+)"/i,
  /(?:^|[\s{}])\^(\/[^;\s}]+)/,
  /^\s*\$ActionOMProgBinary\s+(\S+)/i,
  /\bmodule\s*\(.*\bload\s*=\s*"(\/[^"]+)"/i,
  /^\s*\$ModLoad\s+(\/\S+)/i,
];

export function parseRsyslog({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => RSYSLOG.flatMap((pattern) => pattern.exec(line)?.[1] ?? []));
}

export function rsyslogIncludes(line: string): string[] {
  const found = /^\s*\$IncludeConfig\s+(\S+)|\binclude\s*\(.*\bfile\s*=\s*"([^"]+)"/i.exec(line);
  return found?.slice(1).flatMap((name) => name ?? []) ?? [];
}

const OID = String.raw`\.?\d+(?:\.\d+)+\s+`;
const NAME = String.raw`(?:"[^"]*"|\S+)\s+`;
/** snmpd.conf(5), snmptrapd.conf(5): options, an OID, a name that may be quoted, and the command. Names in any case. */
const SNMP = [
  new RegExp(
    String.raw`^\s*(?:extend(?:fix|-sh)?|exec|execfix|sh|procfix)\s+(?:-\w+\s+\S+\s+)*(?:${OID})?${NAME}(\S.*)$`,
    'i',
  ),
  /^\s*pass(?:_persist)?\s+(?:-p\s+\S+\s+)?\S+\s+(\S.*)$/i,
  /^\s*traphandle\s+\S+\s+(\S.*)$/i,
  /^\s*dlmod\s+\S+\s+(\/\S+)/i,
  /^\s*perl\s+.*?["'`]([^"'`]+)["'`]/i,
];

export function parseSnmp({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => SNMP.flatMap((pattern) => pattern.exec(line)?.[1] ?? []));
}

export function snmpIncludes(line: string): string[] {
  return /^\s*include(?:File|Dir|AllFiles)\s+(\S+)/i.exec(line)?.slice(1) ?? [];
}

/** smartd.conf(5): a backslash at the end of a line has it go on. */
export function parseSmartd({ text }: StartText): ParsedStart {
  return parseJoinedLines(text, (line) =>
    /\s-M\s+exec\s+(?:"([^"]+)"|(\S+))/.exec(line)?.slice(1).find(Boolean),
  );
}

const FAIL2BAN_KEY = /^(?:action\w*|ignorecommand|\w*(?:cmd|command))\s*[=:]\s*(.*)$/i;
const ANY_KEY = /^\w[\w.-]*\s*[=:]\s*(.*)$/;
/** A value that only is one of a command’s variables is told by where it points. */
const ODD = /\/(?:tmp|var\/tmp|dev\/shm|run\/user)\/|\/\.\w|\b(?:curl|wget|base64)\s|\/dev\/tcp\//;

/**
 * jail.conf(5): keys in any case, `=` or `:`, and further lines that begin with a blank, each a command of its own; of
 * `action = x[start="y"]` what is in quotes.
 */
export function parseFail2ban({ text }: StartText): ParsedStart {
  const commands: { text: string; line: number }[] = [];
  let isCommand = false;
  for (const { line, number } of numberedLines(text)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    let value = line.trim();
    if (/^\S/.test(line)) {
      const own = FAIL2BAN_KEY.exec(line)?.[1];
      isCommand = own !== undefined;
      value = own ?? ANY_KEY.exec(line)?.[1] ?? '';
    }
    if (value === '' || !(isCommand || ODD.test(value))) continue;
    const inline = [...value.matchAll(/[[,]\s*\w+\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
    const texts = inline.length > 0 ? inline.map((match) => match[1] ?? match[2] ?? '') : [value];
    for (const one of texts) if (/[/|]/.test(one)) commands.push({ text: one, line: number });
  }
  return { commands, isNothing: commands.length === 0 };
}

export function fail2banIncludes(line: string): string[] {
  return /^(?:before|after)\s*[=:]\s*(\S+)/i.exec(line)?.slice(1) ?? [];
}

/** needrestart reads its settings as Perl. */
export function parsePerl({ text }: StartText): ParsedStart {
  return parseLines(text, perlCommands);
}
