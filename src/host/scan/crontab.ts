import { loadedByVariable } from '../../findings/loading-variables.ts';
import { logicalLines } from '../../text/numbered-lines.ts';

/** crontab(5). The five fields are not checked for sense: cron may be lenient where we would be strict. */
export interface CronEntry {
  readonly line: number;
  readonly text: string;
  readonly schedule: string;
  /** null in a user's own crontab. */
  readonly user: string | null;
  readonly command: string;
  /** The command with what it is given: settings of the crontab that it names, and its standard input. */
  readonly whole: string;
  /** Where it is run, if the crontab says so. */
  readonly home: string | null;
}

/** Those of Vixie’s cron, `@30` of cronie, `@minutely` and others of systemd-cron, `@noauto` of dcron. */
const NAMED = /^@[\w-]+$/;
const FIELD = /^[\d*A-Za-z?][-\d*/,~A-Za-z?#]*$/;

export function parseCrontab(lines: readonly string[], hasUserField: boolean): CronEntry[] {
  const entries: CronEntry[] = [];
  const settings = new Map<string, string>();
  lines.forEach((text, index) => {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const [, name, value = ''] = SETTING.exec(trimmed) ?? [];
    if (name !== undefined) {
      const bare = value.replace(/^(["'])(.*)\1$/, '$2');
      settings.set(name, bare);
      const command = commandOfSetting(name, bare);
      if (command !== null) entries.push({ line: index + 1, text, ...settingEntry(command) });
      return;
    }
    const parsed = parseEntry(trimmed, hasUserField);
    if (parsed === null) return;
    const { command, input } = parsed;
    const whole = `${given(command, settings)}${command}${input}`;
    const home = settings.get('HOME') ?? null;
    entries.push({ ...parsed, line: index + 1, text, whole, home });
  });
  return entries;
}

/** cron allows quotes around both, and blanks around the `=`. */
const SETTING = /^["']?([A-Za-z_]\w*)["']?\s*=\s*(.*)$/s;
const ORDINARY_SHELL = /^(\/usr(\/local)?)?\/bin\/\w*sh$|^\/(usr\/)?s?bin\/nologin$/;
const FOR_ANYBODY = /(^|:)\/(tmp|var\/tmp|dev\/shm|run\/user)(\/|:|$)|\/\.|(^|:)(\.?)(:|$)/;

/** A setting that has cron start, or load, something by itself: whatever the entries below it say. */
function commandOfSetting(name: string, value: string): string | null {
  if (name === 'SHELL') return ORDINARY_SHELL.test(value) ? null : value;
  if (name === 'PATH') return FOR_ANYBODY.test(value) ? `PATH=${value}` : null;
  const setting = `${name}=${value}`;
  if (/^(LD_PRELOAD|LD_AUDIT|BASH_ENV|ENV)$/.test(name)) return setting;
  return FOR_ANYBODY.test(value) && loadedByVariable(setting).length > 0 ? setting : null;
}

function settingEntry(command: string): Omit<CronEntry, 'line' | 'text'> {
  return { schedule: '', user: null, command, whole: command, home: null };
}

/** The settings that the command names, as a shell would be told them. */
function given(command: string, settings: ReadonlyMap<string, string>): string {
  if (settings.size === 0 || !command.includes('$')) return '';
  const names = new Set([...command.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''));
  return [...names]
    .filter((name) => settings.has(name))
    .map((name) => `${name}=${settings.get(name)}; `)
    .join('');
}

/** anacrontab(5): period, delay, name, command; a backslash at the end of a line has the next one go on. */
export function parseAnacrontab(lines: readonly string[]): CronEntry[] {
  return [...logicalLines(lines.join('\n'))].flatMap(({ line, numbers }) => {
    const [, period = '', delay = '', , command = ''] =
      /^\s*(@?\w+)\s+(\d+)\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
    if (command === '') return [];
    const entry = { schedule: `${period} ${delay}`, user: null, command, whole: command, home: null };
    return numbers.map((number) => ({ line: number, text: lines[number - 1] ?? '', ...entry }));
  });
}

function parseEntry(
  line: string,
  hasUserField: boolean,
): (Pick<CronEntry, 'schedule' | 'user' | 'command'> & { readonly input: string }) | null {
  const plain = line.replace(/^-(?=[\d*@])/, '');
  const words = plain.split(/[ \t]+/, 7);
  const times = NAMED.test(words[0] ?? '') ? 1 : 5;
  if (times === 5 && !words.slice(0, 5).every((word) => FIELD.test(word))) return null;
  const taken = times + (hasUserField ? 1 : 0);
  const rest = afterWords(plain, taken);
  if (rest === '') return null;
  return {
    schedule: words.slice(0, times).join(' '),
    user: hasUserField ? (words[times] ?? '') : null,
    ...commandOf(rest),
  };
}

function afterWords(line: string, count: number): string {
  let rest = line;
  for (let index = 0; index < count; index += 1) rest = rest.replace(/^[^ \t]+[ \t]*/, '');
  return rest;
}

/**
 * Up to the first unescaped `%`, after which comes its standard input, a line at each further `%`: that is what a shell
 * without a script runs. BusyBox and systemd-cron take a `%` for what it is.
 */
function commandOf(text: string): { readonly command: string; readonly input: string } {
  const end = /(?<!\\)%/.exec(text)?.index ?? text.length;
  const plain = (part: string): string => part.replaceAll('\\%', '%');
  return {
    command: plain(text.slice(0, end)),
    input: plain(text.slice(end).replace(/(?<!\\)%/g, '\n')),
  };
}
