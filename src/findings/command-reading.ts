import { loadedByVariable } from './loading-variables.ts';
import { INTERPRETERS, SHELLS, WRAPPERS } from './ordinary.ts';
import { shortened } from './shell-quoting.ts';
import { splitShell } from './shell-words.ts';

/** What a command would do, as far as its text tells. */
export interface CommandReading {
  readonly parts: readonly CommandPart[];
  readonly targets: readonly Target[];
  /** The text itself, for patterns that need no structure. */
  readonly text: string;
}

export interface CommandPart {
  /** Without wrappers (`sudo`, `nohup`, `env A=b`). The first word is the program as written. */
  readonly words: readonly string[];
  /** Basename of the program. */
  readonly program: string;
  readonly next: string;
  readonly writesTo: readonly string[];
  /** True if what it prints is run: it stands in `sh -c "$(…)"`, `eval $(…)`, `bash <(…)`. */
  readonly isOutputRun: boolean;
  /** Programs that start it and wait, without their folders: `sudo`, `ssh`, `xargs`. */
  readonly wrappers: readonly string[];
  /** Its name is put together or blotted out where it stands, so that nobody reads it: `$a$b`, `/b?n/c?rl`. */
  readonly isDisguised: boolean;
  /** Code that it is given on its standard input, by `<<<`. */
  readonly input: string;
}

export interface Target {
  readonly path: string;
  /** run: started or sourced; written: fetched or redirected to; named: anything else. */
  readonly use: 'run' | 'written' | 'named';
}

export interface ReadingPlace {
  readonly home: string | null;
  readonly workingFolder: string | null;
}

const MAX_DEPTH = 4;

/** Reads a line of shell text (crontab, profile, ExecStart through a shell). */
export function readCommand(written: string, place: ReadingPlace): CommandReading {
  const text = shortened(withoutTricks(written));
  const parts: CommandPart[] = [];
  const targets = new Map<string, Target>();
  readText(text, { parts, targets, place, folder: place.workingFolder, variables: new Map() }, 0, false);
  return { parts, targets: [...targets.values()], text };
}

/** What a shell takes out of a text before it reads it, and a blank by another name (`curl${IFS}-s`). */
function withoutTricks(text: string): string {
  return text.replaceAll('\u0000', '').replace(BLANK_VARIABLE, ' ');
}

const BLANK_VARIABLE = /(?<=[\w'"}])\$(?:\{IFS[^}\s]{0,20}\}|IFS(?![\w]))(?:\$\d)?/g;

/** Reads one setting of an environment: what it has run, and what it has loaded. Its value is no shell text. */
export function readSetting(setting: string, place: ReadingPlace): CommandReading {
  const parts: CommandPart[] = [];
  const targets = new Map<string, Target>();
  const into = { parts, targets, place, folder: null, variables: new Map<string, string>() };
  const command = commandInVariable(setting);
  if (command !== null) readText(command, into, 1, false);
  for (const path of loadedByVariable(setting)) addTarget(into, path, 'run');
  return { parts, targets: [...targets.values()], text: command ?? '' };
}

/** Reads arguments as a process has them: no shell in between. The same ones are read once, however often they are asked for. */
export function readArguments(words: readonly string[], place: ReadingPlace): CommandReading {
  const known = READINGS.get(words);
  if (known?.place.workingFolder === place.workingFolder && known.place.home === place.home)
    return known.reading;
  const reading = readWordsAlone(words, place);
  READINGS.set(words, { place, reading });
  return reading;
}

const READINGS = new WeakMap<
  readonly string[],
  { readonly place: ReadingPlace; readonly reading: CommandReading }
>();

function readWordsAlone(words: readonly string[], place: ReadingPlace): CommandReading {
  const parts: CommandPart[] = [];
  const targets = new Map<string, Target>();
  const into = { parts, targets, place, folder: place.workingFolder, variables: new Map<string, string>() };
  readWords(words, { next: '', writesTo: [], substitutions: [], input: '' }, into, 0, false);
  return { parts, targets: [...targets.values()], text: words.join(' ') };
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `python3.11` → `python`, `/bin/bash` → `bash`, `-bash` (a login shell) → `bash`. */
export function programName(word: string): string {
  const name = basename(word).replace(/^-/, '');
  return /^(python|perl|php|ruby|lua|node|java|php-fpm|ld-linux)/.test(name)
    ? name.replace(/(-x86-64|-aarch64)?(\.so)?[-.\d]*$/, '')
    : name;
}

export function isInterpreter(word: string): boolean {
  return INTERPRETERS.has(programName(word));
}

interface Into {
  readonly parts: CommandPart[];
  readonly targets: Map<string, Target>;
  readonly place: ReadingPlace;
  /** What `./x` is relative to: follows `cd`. */
  folder: string | null;
  /** What the text gives a name: `d=/var/tmp/x; $d/run`. */
  readonly variables: Map<string, string>;
}

interface Rest {
  readonly next: string;
  readonly writesTo: readonly string[];
  readonly substitutions: readonly string[];
  readonly input: string;
}

function readText(text: string, into: Into, depth: number, isOutputRun: boolean): void {
  if (depth > MAX_DEPTH) return;
  for (const segment of splitShell(text)) readWords(segment.words, segment, into, depth, isOutputRun);
}

function readWords(
  written: readonly string[],
  rest: Rest,
  into: Into,
  depth: number,
  isOutputRun: boolean,
): void {
  const all = written.map((word) => withVariable(word, into));
  const words = withoutWrappers(all);
  const first = words[0] ?? '';
  const wrappers = all.slice(0, all.length - words.length);
  const text = textInWord(words, wrappers);
  if (text !== null) {
    readText(text, into, depth + 1, isOutputRun);
    return;
  }
  const program = isAssignment(first) ? '' : programName(first);
  const place = written.length - words.length;
  for (const path of rest.writesTo) addTarget(into, withVariable(path, into), 'written');
  if (program === 'cd' && words[1] !== undefined) into.folder = expand(words[1], into) ?? into.folder;
  const runsItsArguments = program === 'eval' || INTERPRETERS.has(program);
  if (first.includes('/') && program !== '') addTarget(into, first, 'run');
  for (const word of wrappers)
    if (basename(word) === 'busybox' && word.includes('/')) addTarget(into, word, 'run');
  readAssignments(wrappers, program, words, into);
  for (const text of keptCommands(program, all)) readText(text, into, depth + 1, isOutputRun);

  const inline = inlineText(program, words);
  const isShellText = inline !== null && (program === 'eval' || SHELLS.has(program));
  // What a shell is told to do is judged as the parts that it is made of, not as its argument.
  const own = isShellText ? words.filter((word) => word !== inline) : words;
  into.parts.push({
    ...{ words: own, program, next: rest.next, writesTo: rest.writesTo, isOutputRun },
    wrappers: wrappers.filter((word) => !isAssignment(word)).map(basename),
    isDisguised: isDisguised(written[place] ?? '', program),
    input: rest.input,
  });
  if (/^(start-stop-daemon|supervise-daemon)$/.test(program)) addTarget(into, daemonOf(words), 'run');
  const script = inline === null ? scriptOf(program, words) : null;
  if (script !== null) addTarget(into, script, 'run');
  words.slice(1).forEach((word, index) => {
    if (word === script || word === inline) return;
    const previous = words[index] ?? '';
    const isOutput =
      FETCHERS.has(program) &&
      /^(-[a-zA-Z]*[oOP]|--output|--output-document|--directory-prefix)$/.test(previous);
    const value = /^--?[\w-]+=(.*)$/s.exec(word)?.[1] ?? word;
    if (looksLikePath(value) || isOutput) addTarget(into, value, isOutput ? 'written' : 'named');
  });
  // Code in a language that is no shell holds no shell text.
  if (inline !== null && (program === 'eval' || SHELLS.has(program)))
    readText(inline, into, depth + 1, isOutputRun);
  if (rest.input !== '' && SHELLS.has(program)) readText(rest.input, into, depth + 1, isOutputRun);
  const isRun = runsItsArguments || program === '.' || program === 'source' || first.startsWith('\u0000');
  readSubstitutions(rest, into, depth, isRun);
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}

/** A whole command in one word: what `watch` and `su -c` hand to a shell, and a variable that holds one. */
function textInWord(words: readonly string[], wrappers: readonly string[]): string | null {
  const [first = '', second] = words;
  if (first === '-c' && second !== undefined && wrappers.length > 0) return second;
  return /\s/.test(first) && !first.startsWith('/') && !isAssignment(first) && first.length > 2
    ? words.join(' ')
    : null;
}

function isDisguised(word: string, program: string): boolean {
  if (/\u0000[A-Za-z]|[A-Za-z]\u0000/.test(word)) return true;
  if (/^[\w./?*[\]-]*\/[\w./*-]*\?[\w./?*-]*$/.test(word)) return true;
  const isMade = /\$\{?\w+\}?\$\{?\w/.test(word) || /[A-Za-z]\$\{?\w|\$\{\w+\}[A-Za-z]/.test(word);
  return isMade && (FETCHERS.has(program) || SHELLS.has(program));
}

/** Commands that a line only lays down, to be run later: `trap 'x' DEBUG`, `alias ls='x'`, `PROMPT_COMMAND=x` (bash(1)). */
function keptCommands(program: string, words: readonly string[]): string[] {
  const kept = words.flatMap((word) => commandInVariable(word) ?? inPrompt(word));
  if (program === 'trap') kept.push(...words.slice(1, 2));
  if (program === 'alias')
    kept.push(...words.slice(1).flatMap((word) => /^[^\s=/]+=(.+)$/s.exec(word)?.[1] ?? []));
  return kept;
}

/** What a variable has somebody run: each of these holds a command, or the name of a script, that its reader starts. */
export function commandInVariable(word: string): string | null {
  return RUN_BY_READER.exec(word)?.[1] ?? null;
}

const RUN_BY_READER =
  /^(?:PROMPT_COMMAND|BASH_ENV|ENV|LESSOPEN|LESSCLOSE|PAGER|MANPAGER|GIT_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SSH_COMMAND|SUDO_ASKPASS|SSH_ASKPASS|GIT_ASKPASS|PYTHONSTARTUP|PERL5DB)=[|"'-]*(.+?)["']?$/s;

/** `PS1='$(x)'`: what a shell runs each time that it asks for a command. The rest of a prompt is no command. */
function inPrompt(word: string): string[] {
  const prompt = /^PS[0124]=(.{1,4096})$/s.exec(word)?.[1] ?? '';
  return [...prompt.matchAll(/\$\(([^()]{1,500})\)|`([^`]{1,500})`/g)].map((one) => one[1] ?? one[2] ?? '');
}

function readSubstitutions(rest: Rest, into: Into, depth: number, isRun: boolean): void {
  for (const text of rest.substitutions) readText(text, into, depth + 1, isRun);
}

/** Programs that fetch, and the names that miners rename them to. */
export const FETCHERS: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'aria2c',
  'lwp-download',
  'lwp-request',
  'fetch',
  'axel',
  'cdt',
  'wdt',
  'cd1',
  'wd1',
  'cur',
  'cdl',
  'wge',
  'wgettnt',
  'curltnt',
]);

/** What follows `-c` or `-e`: a program in the command line itself. */
function inlineText(program: string, words: readonly string[]): string | null {
  if (program === 'eval') return words.slice(1).join(' ');
  if (!INTERPRETERS.has(program)) return null;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') return null;
    if (
      SHELLS.has(program)
        ? /^-[a-z]*c$/.test(word)
        : /^(-[a-zA-Z]*[ce]|--eval|-p|--print)$/.test(word) || (program === 'php' && word === '-r')
    )
      return words[at + 1] ?? '';
  }
  return null;
}

/** What start-stop-daemon(8) and OpenRC's supervise-daemon start. */
function daemonOf(words: readonly string[]): string {
  const at = words.findIndex((word) => /^(-x|--exec|-a|--startas)$/.test(word));
  if (at >= 0) return words[at + 1] ?? '';
  return words.flatMap((word) => /^--(?:exec|startas)=(.+)$/s.exec(word)?.[1] ?? [])[0] ?? '';
}

/** The file that an interpreter runs; null if it reads standard input or has none. */
function scriptOf(program: string, words: readonly string[]): string | null {
  if (program === '.' || program === 'source') return words[1] ?? null;
  if (!INTERPRETERS.has(program) || program === 'env') return null;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-jar') return words[at + 1] ?? null;
    if (word === '-m' || word === '-') return null;
    if (/^(-r|-I|-W|-X|-cp|-classpath|--require|--import|--loader)$/.test(word)) at += 1;
    else if (!word.startsWith('-') && !word.startsWith('+')) return program === 'java' ? null : word;
  }
  return null;
}

function withoutWrappers(words: readonly string[]): readonly string[] {
  let at = 0;
  for (let guard = 0; guard < 12; guard += 1) {
    while (/^[A-Za-z_]\w*=/.test(words[at] ?? '') || KEYWORDS.has(words[at] ?? '')) at += 1;
    const program = basename(words[at] ?? '');
    if (program === 'busybox' && /^\w/.test(words[at + 1] ?? '')) {
      at += 1;
      continue;
    }
    if (!WRAPPERS.has(program) || at + 1 >= words.length) break;
    at = afterOptions(words, at + 1, program);
  }
  return at >= words.length ? words : words.slice(at);
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'elif',
  'do',
  'while',
  'until',
  '!',
  '{',
  'time',
  'fi',
  'done',
]);

const ONE_BARE: ReadonlySet<string> = new Set([
  ...['timeout', 'su', 'chroot', 'ssh', 'chrt', 'flock', 'taskset'],
  ...[
    'setuidgid',
    'envuidgid',
    'envdir',
    'setlock',
    's6-setuidgid',
    's6-envuidgid',
    's6-setlock',
    'su-exec',
    'gosu',
  ],
]);

/** Options of a wrapper, and the one bare argument that some of them take before the program. */
function afterOptions(words: readonly string[], from: number, program: string): number {
  let at = from;
  let bare = ONE_BARE.has(program) ? 1 : 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (word === '--') return at + 1;
    if (/^-(n|u|g|c|p|k|s|i|o|l|t|w|E)$/.test(word) && !/^(nohup|setsid|exec|command|time)$/.test(program)) {
      if (
        (program === 'su' || program === 'runuser' || program === 'script' || program === 'flock') &&
        word === '-c'
      )
        return at;
      at += word === '-i' || word === '-E' ? 1 : 2;
    } else if (word.startsWith('-') || /^[A-Za-z_]\w*=/.test(word)) at += 1;
    else if (bare > 0) {
      bare -= 1;
      at += 1;
    } else return at;
  }
  return at;
}

/** Follows `d=/var/tmp/x; $d/run` and `a=cu; b=rl; $a$b`; nothing that could grow. */
function withVariable(word: string, into: Into): string {
  const filled = word.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, bare?: string) => {
      return into.variables.get(braced ?? bare ?? '') ?? whole;
    },
  );
  const known = filled.length > LONGEST_WORD ? word : filled;
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.{0,1000})$/s.exec(known) ?? [];
  if (name !== undefined && !value.includes('\u0000')) into.variables.set(name, value);
  return known;
}

const LONGEST_WORD = 16_384;

/** What is set for one command, or for all that come after it: `A=x command`, `export A=x`, `setenv A x`. */
function readAssignments(
  before: readonly string[],
  program: string,
  words: readonly string[],
  into: Into,
): void {
  const set = KEEPS.has(program) ? words.slice(1) : /^\w+=/.test(words[0] ?? '') ? words : [];
  const settings = program === 'setenv' ? [`${words[1]}=${words[2] ?? ''}`] : [...before, ...set];
  for (const path of settings.flatMap(loadedByVariable)) addTarget(into, path, 'run');
}

const KEEPS: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'readonly', 'setenv']);

function looksLikePath(word: string): boolean {
  return (
    /^(\/|~\/|\$HOME\/|\$\{HOME\}\/|\.\.?\/)/.test(word) &&
    word.length < 4096 &&
    !/^\/dev\/(null|tcp|udp|stdin|stdout|stderr|fd|tty|zero|u?random)/.test(word)
  );
}

function addTarget(into: Into, word: string, use: Target['use']): void {
  const path = expand(word, into);
  if (path === null || path === '/' || !looksLikePath(path)) return;
  const known = into.targets.get(path);
  if (!known || RANK[use] > RANK[known.use]) into.targets.set(path, { path, use });
}

const RANK = { named: 0, written: 1, run: 2 } as const;

function expand(word: string, into: Into): string | null {
  if (word.includes('\u0000')) return null;
  const { home } = into.place;
  const known = home === null ? word : word.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
  if (known.startsWith('/')) return normalise(known);
  if (/^[~$]/.test(known) || into.folder === null || known === '') return null;
  return normalise(`${into.folder}/${known}`);
}

/** Takes out `.`, `..` and doubled slashes; the name stays otherwise as it is (`...` is a name). */
export function normalise(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}
