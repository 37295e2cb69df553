import type { MechanismName } from '../../../findings/mechanisms.ts';
import type { ScanScope } from '../../../findings/scan.ts';
import { type StartCommand, scriptCommands } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { logicalLines, numberedLines } from '../../../text/numbered-lines.ts';
import { type Look, listFolder, statHere } from '../look.ts';
import type { Account } from '../passwd.ts';
import { perlCommands } from './perl-text.ts';
import { pythonTraits } from './python-text.ts';

/** Reads one mechanism: which files there are, and what each of them starts. One file of this folder each. */
export interface StartReader {
  readonly mechanism: MechanismName;
  /** Every file of the mechanism, whether it looks odd or not. */
  readonly list: (look: Look, scope: ScanScope) => Iterable<StartPlace>;
}

export interface StartPlace {
  readonly path: string;
  /** Whose it is, if it is not everybody's. */
  readonly account: Account | null;
  /**
   * 'lines': it holds the administrator’s own settings too, so what is bad is taken out line by line.
   * 'drop-in': so too, but if every line of it is malicious the file goes as a whole.
   */
  readonly as: 'file' | 'lines' | 'drop-in';
  /** Only files that no package owns are of interest, because there are thousands (kernel modules). */
  readonly isUnownedOnly?: boolean;
  /** A link here enables what it leads to, and is to go with it. */
  readonly isEnabler?: boolean;
  readonly parse: (text: StartText) => ParsedStart;
}

export interface StartText {
  readonly path: string;
  /** Host string of the first MiB; '' for a binary. */
  readonly text: string;
  readonly isBinary: boolean;
  readonly mode: number;
  readonly uid: number;
}

export interface ParsedStart {
  readonly commands: readonly StartCommand[];
  readonly traits?: readonly StartTrait[];
  readonly isScript?: boolean;
  readonly isInert?: boolean;
  /** It starts nothing at all: not worth a word, whoever brought it. */
  readonly isNothing?: boolean;
}

/** Where systemd, udev and others look, first to last. */
export const ROOTS = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];

/** Files of a folder whose name matches. Names that editors and dpkg leave behind are passed over by everybody. */
export function* placesIn(
  look: Look,
  scope: ScanScope,
  folder: string,
  rest: Omit<StartPlace, 'path' | 'account'> & { readonly account?: Account | null; readonly name?: RegExp },
): Generator<StartPlace> {
  const { name: pattern, account = null, ...place } = rest;
  for (const name of listFolder(look, scope, folder)) {
    if (LEFT_BEHIND.test(name) || (pattern !== undefined && !pattern.test(name))) continue;
    yield { ...place, account, path: `${folder}/${name}` };
  }
}

const LEFT_BEHIND = /\.(dpkg-(new|old|dist|tmp)|rpm(save|new|orig)|apk-new)$/;

/** Homes that are worth a look, each once. */
export function homesOf(look: Look): Account[] {
  const homes = new Map<string, Account>();
  for (const account of look.accounts) {
    const { home } = account;
    if (!home.startsWith('/') || home === '/' || NO_HOMES.test(home) || homes.has(home)) continue;
    if (statHere(look, home) !== null) homes.set(home, account);
  }
  return [...homes.values()];
}

const NO_HOMES = /^\/(bin|sbin|dev|proc|sys|usr|run|etc|nonexistent|boot|tmp)(\/|$)/;

/** What a file does that is run as a program: a shell script line by line; of others what their text shows. */
export function parseProgram(text: StartText): ParsedStart {
  const isInert = (text.mode & 0o111) === 0;
  if (text.isBinary) return { commands: [], isInert };
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text.text);
  const program = `${interpreter?.[1] ?? ''} ${interpreter?.[2] ?? ''}`;
  if (/python/.test(program)) return { commands: [], traits: pythonTraits(text.text), isInert };
  if (/\b(perl|ruby|php)\b/.test(program))
    return { commands: commandsOfLines(text.text, perlCommands), isInert };
  if (interpreter !== null && !/sh\b|openrc-run|rc\.common|busybox|execlineb/.test(program))
    return { commands: [], isInert };
  const commands = scriptCommands(text.text);
  if (/openrc-run/.test(program)) commands.push(...openrcCommands(text.text));
  return { commands, isScript: true, isInert };
}

/** What openrc-run(8) starts by itself: the file that `command` names. */
function openrcCommands(text: string): StartCommand[] {
  return commandsOfLines(text, (line) => /^\s*command=(["']?)(\S.*?)\1\s*$/.exec(line)?.[2]);
}

/** What a settings file starts, line by line; lines of comment, after `#` or `;`, are none. */
export function parseLines(text: string, commandOf: CommandOfLine): ParsedStart {
  const commands = commandsOfLines(text, commandOf);
  return { commands, isNothing: commands.length === 0 };
}

/** The same where a backslash at the end of a line has the next one go on: what is read there is said of each of them. */
export function parseJoinedLines(text: string, commandOf: CommandOfLine): ParsedStart {
  const commands: StartCommand[] = [];
  for (const { line, numbers } of logicalLines(text)) {
    if (/^\s*[#;]/.test(line)) continue;
    for (const command of [commandOf(line) ?? []].flat())
      for (const number of numbers) commands.push({ text: command, line: number });
  }
  return { commands, isNothing: commands.length === 0 };
}

/** Of a pattern with several ways to write a thing, the one that was used. */
export function firstGroup(match: RegExpMatchArray | null): string | undefined {
  return match?.slice(1).find((group) => group !== undefined);
}

export type CommandOfLine = (line: string) => string | readonly string[] | undefined;

export function commandsOfLines(text: string, commandOf: CommandOfLine): StartCommand[] {
  const commands: StartCommand[] = [];
  for (const { line, number } of numberedLines(text)) {
    if (/^\s*[#;]/.test(line)) continue;
    for (const command of [commandOf(line) ?? []].flat()) commands.push({ text: command, line: number });
  }
  return commands;
}

/** Names that run-parts(8) runs. */
export const RUN_PARTS = /^[A-Za-z0-9_-]+$/;

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
