import type { Command } from 'commander';
import { EXIT_CODE_MEANINGS } from '../exit-codes.ts';

/** The manual page in roff (man(7)), from the same definitions as `--help`, so that the two cannot differ. */
export function manPage(
  program: Command,
  version: string,
  examples: readonly (readonly [string, string])[],
): string {
  return [
    `.TH TOURNIQUET 8 "" "tourniquet ${version}" "System Administration"`,
    '.SH NAME',
    `tourniquet \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    '.B tourniquet',
    '[\\fIoptions\\fR] [\\fIcommand\\fR]',
    '.SH DESCRIPTION',
    roff(
      'Walks a responder through a checklist on a host that mines for somebody else: look, snapshot, isolate, block, kill, purge, reset keys, patch, watch, rebuild or release. Each step shows what it would do, does it once it is approved, checks it, can undo it, and records it. Without a command the home screen opens.',
    ),
    '.SH OPTIONS',
    ...optionLines(program),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => commandLines(command, '')),
    '.SH EXIT STATUS',
    ...EXIT_CODE_MEANINGS.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH EXAMPLES',
    ...examples.flatMap(([command, meaning]) => ['.TP', `.B ${roff(command)}`, roff(meaning)]),
    '.SH FILES',
    '.TP',
    '.I /var/lib/tourniquet/incidents',
    'incidents of root; others: $XDG_STATE_HOME/tourniquet/incidents',
    '.TP',
    '.I $XDG_CONFIG_HOME/tourniquet/settings.json',
    'settings',
    '',
  ].join('\n');
}

function commandLines(command: Command, before: string): string[] {
  const name = `${before}${command.name()}`;
  const children = command.commands.flatMap((child) => commandLines(child, `${name} `));
  if (children.length > 0) return children;
  const title = [name, ...command.registeredArguments.map((argument) => argumentText(argument))].join(' ');
  return [`.SS ${roff(title)}`, roff(command.description()), ...optionLines(command)];
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionLines(command: Command): string[] {
  return command.options.flatMap((option) => {
    const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : '';
    const fallback = option.defaultValue === undefined ? '' : `; default ${String(option.defaultValue)}`;
    return ['.TP', `.B ${roff(option.flags)}`, roff(`${option.description}${choices}${fallback}`)];
  });
}

/** Text that roff takes as it is: backslashes and hyphens escaped, no line that begins like a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
