/**
 * A condition of CACAO (STIX patterning over variables, 10.18) as CEL; null if it says more than comparisons of
 * variables with values joined by AND, OR and NOT. `nameOf` gives the input that stands for a variable.
 */
export function celOf(condition: string, nameOf: (variable: string) => string | null): string | null {
  const tokens = condition.match(
    /__[a-zA-Z_][a-zA-Z0-9_-]*?__:value|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|!=|==|>=|<=|[=<>()]|[A-Za-z]+|\S/g,
  );
  if (tokens === null) return null;
  const out: string[] = [];
  for (const token of tokens) {
    const word = WORDS[token.toUpperCase()];
    if (token.endsWith(':value')) {
      const name = nameOf(token.slice(0, -':value'.length));
      if (name === null) return null;
      out.push(`inputs.${name}`);
    } else if (/^['"]/.test(token)) {
      out.push(JSON.stringify(token.slice(1, -1).replace(/\\(.)/g, '$1')));
    } else if (/^\d/.test(token) || /^(?:!=|==|>=|<=|[<>()])$/.test(token)) {
      out.push(token);
    } else if (word !== undefined) {
      out.push(word);
    } else {
      return null;
    }
  }
  return out.join(' ');
}

const WORDS: Readonly<Record<string, string>> = {
  '=': '==',
  AND: '&&',
  OR: '||',
  NOT: '!',
  TRUE: 'true',
  FALSE: 'false',
};
