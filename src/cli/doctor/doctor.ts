import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Check } from './doctor-check.ts';
import { checkMachine } from './doctor-checks.ts';

/** `tourniquet doctor`: exit 3 if something is missing that a step or a drill cannot do without. */
export async function doctorVerb(
  context: Pick<CliContext, 'json' | 'stdout' | 'root' | 'environment'>,
): Promise<ExitCode> {
  const write = (text: string) => void context.stdout.write(text);
  const terminal = { isTty: context.stdout.isTTY === true, environment: context.environment };
  return doctor({ json: context.json, write, incidentsFolder: context.root, terminal });
}

export interface DoctorOptions {
  readonly json: boolean;
  readonly write: (text: string) => void;
  readonly incidentsFolder: string;
  readonly terminal: {
    readonly isTty: boolean;
    readonly environment: Readonly<Record<string, string | undefined>>;
  };
}

/** Says what this machine has and lacks, each with what it means and what to do. Changes nothing. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const checks = await checkMachine(options.incidentsFolder, options.terminal);
  options.write(options.json ? `${safeJson(checks)}\n` : checks.map(describe).join('') + summary(checks));
  return checks.some(({ status, isNeeded }) => status !== 'ok' && isNeeded) ? EXIT.unfinished : EXIT.done;
}

/** In the first column a word, never only a colour. */
const WORDS = { ok: 'ok     ', missing: 'MISSING', unknown: 'unknown' } as const;
const INDENT = ' '.repeat(9);

function describe({ status, name, detail, meaning, remedy }: Check): string {
  const lines = [`${WORDS[status]}  ${name}: ${printable(detail)}`];
  if (status !== 'ok') lines.push(`${INDENT}${printable(meaning)}`);
  if (status !== 'ok' && remedy !== null) lines.push(`${INDENT}→ ${printable(remedy)}`);
  return `${lines.join('\n')}\n`;
}

function summary(checks: readonly Check[]): string {
  const lacking = checks.filter(({ status }) => status !== 'ok');
  if (lacking.length === 0) return '\nNothing is missing.\n';
  const needed = lacking.filter(({ isNeeded }) => isNeeded).map(({ name }) => name);
  const rest = lacking.length - needed.length;
  const must = needed.length === 0 ? 'Nothing that is needed is missing' : `Needed: ${needed.join(', ')}`;
  return `\n${must}${rest > 0 ? `; ${rest} more would help` : ''}.\n`;
}
