import { readCommand } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
import { commandSignals } from './judge-command.ts';
import { placeSignals } from './place-signals.ts';
import { readWebPage } from './web-page.ts';
import { type Signal, STRONG } from './weigh.ts';

/** What somebody put into a database so that it would be run, or let him in, once it is written to a file or called. */
export interface StoredText {
  /** A program: what a database is told to run by a statement, and thus always runs. */
  readonly kind: 'cron-line' | 'key' | 'page' | 'program' | 'library' | 'command';
  /** The line, or what of it matters. */
  readonly text: string;
}

/** What is put in to be found again in a file is short; a text that only speaks of such lines is mostly longer. */
export const LONGEST_STORED = 8192;

const SCHEDULE =
  /^\s*(@(?:reboot|hourly|daily|weekly|monthly|yearly|annually|midnight)|(?:[\d*,/-]+\s+){4}[\d*,/a-z-]+)\s+(\S.*)$/i;
const KEY =
  /^\s*(?:[\w-]+="[^"]*"[ ,])*((?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,30}|sk-\S{1,40}) AAAA[\w+/=]{20,}.*)$/;
/** Worth being read as a command at all. */
const HINT = /\b(curl|wget|fetch|base64|python\d?|perl|nc|sh|bash)\b|\/dev\/tcp\/|stratum/;

/**
 * Reads a value by its first line that is not empty: a line of a crontab, a key between empty lines (as it must be to
 * be one in a file of Redis), a page that runs what it is sent, one single command. null: none of these.
 */
export function readStored(value: string): StoredText | null {
  // JSON, which most values are, is none of these.
  if (value.length > LONGEST_STORED || value.startsWith('{') || value.startsWith('"')) return null;
  const first = /^\s*(\S[^\r\n]*)/.exec(value)?.[1] ?? '';
  if (scheduledCommand(first) !== null) return { kind: 'cron-line', text: first };
  if (/^\s*[\r\n]/.test(value) && KEY.test(first)) return { kind: 'key', text: KEY.exec(first)?.[1] ?? '' };
  if (/<\?(php|=)/i.test(value)) {
    const page = readWebPage('', value, false);
    return page === null ? null : { kind: 'page', text: page.runs ?? page.hides ?? '' };
  }
  const isOneLine = value.trim().length === first.trimEnd().length;
  return isOneLine && HINT.test(first) ? { kind: 'command', text: first.trim() } : null;
}

/** What is worth telling of it; a command that says nothing by itself is what many programs keep. */
export function storedSignals({ kind, text }: StoredText, indicators: Indicators): Signal[] {
  if (kind === 'key')
    return [
      one('stored-key', 60, 'It is a key between empty lines, as it is made to work in authorized_keys'),
    ];
  if (kind === 'page')
    return [one('stored-page', 60, `It runs what a visitor sends, once it is a page: ${text}`)];
  if (kind === 'library')
    return [one('calls-library', 60, `It calls ${text}, by which any program of the host can be started`)];
  const command = scheduledCommand(text) ?? text;
  const reading = readCommand(command, { home: null, workingFolder: null });
  const places = reading.targets.filter(({ use }) => use === 'run').map(({ path }) => path);
  const strong = [
    ...commandSignals(reading, indicators),
    ...places.flatMap((path) => placeSignals(path, true, indicators)),
  ].filter(({ weight }) => weight >= STRONG);
  if (kind === 'command') return strong;
  const weight = strong.length > 0 ? 45 : 20;
  return kind === 'program'
    ? [one('runs-program', weight, `It has the database server start a program: ${short(text)}`), ...strong]
    : [one('stored-cron-line', weight, `It is a line of a crontab: ${short(text)}`), ...strong];
}

/** What stands behind five fields of a schedule or `@daily`, and behind an account as crontabs of the system have one; null if nothing does. */
function scheduledCommand(line: string): string | null {
  const [, schedule = '', command] = SCHEDULE.exec(line) ?? [];
  if (command === undefined || !/[*@]/.test(schedule)) return null;
  return command.replace(/^(root|www-data|nobody)\s+/, '');
}

function short(text: string): string {
  const plain = text.trim();
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
}

function one(code: string, weight: number, text: string): Signal {
  return { topic: code, code, weight, text };
}
