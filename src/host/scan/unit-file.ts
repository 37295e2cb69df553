import { unitCommand } from './unit-words.ts';

/** systemd.syntax(7), as far as it says what is started. */
export interface UnitFile {
  readonly description: string;
  /** ExecStart and its like, without the prefixes `-@:+!`. An empty assignment resets, as systemd does. */
  readonly commands: readonly string[];
  readonly environment: readonly string[];
  readonly restart: string;
  /** Unit= of a timer, path or socket (Service=). */
  readonly activates: string | null;
  readonly hasSections: boolean;
}

const EXEC = /^Exec(StartPre|Start|StartPost|Stop|StopPost|Reload|Condition)$/;

export function parseUnitFile(lines: readonly string[]): UnitFile {
  const commands = new Map<string, string[]>();
  const environment: string[] = [];
  let description = '';
  let restart = '';
  let activates: string | null = null;
  let hasSections = false;
  for (const line of joinContinued(lines)) {
    if (/^\[[^\]]+\]$/.test(line)) hasSections = true;
    const [, key = '', value = ''] = /^([A-Za-z]+)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (EXEC.test(key)) {
      if (value === '') commands.set(key, []);
      else
        commands.set(key, [
          ...(commands.get(key) ?? []),
          unitCommand(value.replace(/^[-@:+!|]+/, '').trim()),
        ]);
    } else if (key === 'Environment') environment.push(...splitEnvironment(value));
    else if (key === 'Description') description = value;
    else if (key === 'Restart') restart = value;
    else if (key === 'Unit' || key === 'Service') activates = value;
  }
  return {
    description,
    commands: [...commands.values()].flat(),
    environment,
    restart,
    activates,
    hasSections,
  };
}

/** A backslash at the end joins the next line; comments in between are passed over. */
function joinContinued(lines: readonly string[]): string[] {
  const out: string[] = [];
  let pending = '';
  for (const raw of lines) {
    const line = raw.trim();
    if (line.startsWith('#') || line.startsWith(';')) continue;
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `;
      continue;
    }
    out.push(pending + line);
    pending = '';
  }
  if (pending !== '') out.push(pending.trim());
  return out;
}

function splitEnvironment(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}
