/**
 * Arguments as one command line, so that the C runtime takes them apart again as they were.
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

function quoted(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  // Backslashes count double only before a quotation mark.
  const inner = argument.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${inner}"`;
}
