import { unitCommand } from './unit-words.ts';
import { alsoStarted, asStarted, type UnitSetting, WORLD_KEYS } from './unit-world.ts';

/** systemd.syntax(7), as far as it says what is started. */
export interface UnitFile {
  readonly description: string;
  /** ExecStart and its like, without the prefixes `-@:+!`. An empty assignment resets, as systemd does. */
  readonly commands: readonly string[];
  readonly environment: readonly string[];
  /** Files and folders that it takes its variables, programs or libraries from, or has laid over others. */
  readonly takesFrom: readonly string[];
  /** SourcePath=: what a generator made it from. */
  readonly source: string | null;
  /** EnvironmentFile=, without the `-` for one that may be missing. */
  readonly environmentFiles: readonly string[];
  readonly restart: string;
  /** Unit= of a timer, path or socket (Service=). */
  readonly activates: string | null;
  readonly hasSections: boolean;
  /** 1-based line of each command and each setting of the environment. */
  readonly lines: ReadonlyMap<string, number>;
}

const EXEC = /^Exec(StartPre|Start|StartPost|Stop|StopPost|Reload|Condition)$/;

/** systemd.exec(5). */
const TAKES_FROM = /^(?:EnvironmentFile|RootDirectory|RootImage|ExecSearchPath|BindPaths|BindReadOnlyPaths)$/;

/** `more`: variables that its EnvironmentFile= give it. */
export function parseUnitFile(lines: readonly string[], more: readonly string[] = []): UnitFile {
  const written = new Map<string, { command: string; line: number }[]>();
  const settings: UnitSetting[] = [];
  const environmentFiles: string[] = [];
  const environment: string[] = [];
  const takesFrom: string[] = [];
  let source: string | null = null;
  let description = '';
  let restart = '';
  let activates: string | null = null;
  let hasSections = false;
  const numbers = new Map<string, number>();
  for (const { line, number } of joinContinued(lines)) {
    if (/^\[[^\]]+\]$/.test(line)) hasSections = true;
    const [, key = '', value = ''] = /^([A-Za-z]+)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (EXEC.test(key)) {
      const command = commandOf(value);
      written.set(key, value === '' ? [] : [...(written.get(key) ?? []), { command, line: number }]);
    } else if (key === 'Environment') {
      for (const setting of splitEnvironment(value)) {
        environment.push(setting);
        numbers.set(setting, number);
      }
    } else if (TAKES_FROM.test(key)) {
      if (key === 'EnvironmentFile') environmentFiles.push(value.replace(/^-/, ''));
      else settings.push({ key, value, line: number });
      for (const path of splitEnvironment(value).map(
        (one) => one.replace(/^[-+:]+/, '').split(':')[0] ?? '',
      )) {
        takesFrom.push(path);
        numbers.set(path, number);
      }
    } else if (WORLD_KEYS.has(key)) settings.push({ key, value, line: number });
    else if (key === 'SourcePath') source = value;
    else if (key === 'Description') description = value;
    else if (key === 'Restart') restart = value;
    else if (key === 'Unit' || key === 'Service') activates = value;
  }
  const variables = [...more, ...environment];
  const commands = [
    ...[...written.values()]
      .flat()
      .map(({ command, line }) => ({ command: asStarted(command, settings, variables), line })),
    ...alsoStarted(settings),
  ];
  for (const { command, line } of commands) numbers.set(command, line);
  return {
    description,
    commands: commands.map(({ command }) => command),
    environment: [...environment, ...more.filter((one) => /^LD_(?:PRELOAD|AUDIT)=/.test(one))],
    environmentFiles,
    takesFrom: takesFrom.filter((path) => path.startsWith('/')),
    source,
    restart,
    activates,
    hasSections,
    lines: numbers,
  };
}

/** Without the prefixes; after `@` the second word is only what it calls itself. */
function commandOf(value: string): string {
  const [prefix = ''] = /^[-@:+!|]*/.exec(value) ?? [];
  const command = unitCommand(value.slice(prefix.length).trim());
  return prefix.includes('@') ? command.replace(/^(\S+)\s+\S+/, '$1') : command;
}

/** A backslash at the end joins the next line; comments in between are passed over. */
function joinContinued(lines: readonly string[]): { line: string; number: number }[] {
  const out: { line: string; number: number }[] = [];
  let pending = '';
  let from = 1;
  for (const [index, raw] of lines.entries()) {
    if (pending === '') from = index + 1;
    const line = raw.trim();
    if (line.startsWith('#') || line.startsWith(';')) continue;
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `;
      continue;
    }
    out.push({ line: pending + line, number: from });
    pending = '';
  }
  if (pending !== '') out.push({ line: pending.trim(), number: from });
  return out;
}

function splitEnvironment(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}
