/** What a line of Perl runs (perlop(1), perlfunc(1)): `system`, `exec`, `qx`, a pipe that is opened, another file. Ruby and PHP have most of it. */
export function perlCommands(line: string): string[] {
  const call = /\b(?:system|exec|open|popen)\b\s*\(?(.*)$/.exec(line)?.[1] ?? '';
  const quoted = [...call.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  const words = /\bqw\s*\(([^)]*)\)/.exec(call)?.[1];
  const output = [...line.matchAll(/`([^`]+)`|\bqx\s*(?:\(([^)]*)\)|\{([^}]*)\})/g)].flatMap(
    (match) => match.slice(1).find((group) => group !== undefined) ?? [],
  );
  const file = /\b(?:do|require)\s*\(?\s*["'](\/[^"']+)["']/.exec(line)?.[1];
  return [...quoted, words ?? '', ...output, file ?? '']
    .map((one) => one.replace(/^[\s|+<>-]+|(?<![\s|])[\s|]+$/g, ''))
    .filter((one) => one.includes('/') || one.includes(' '));
}
