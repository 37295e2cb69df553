import { RE2JS } from 're2js';

/**
 * A regular expression of a playbook (`pattern:` of an input, `matches()` of an expression) in RE2 syntax.
 * RE2 and not JavaScript's own: it runs in linear time whatever the pattern is, and CEL asks for it
 * (https://github.com/google/re2/wiki/Syntax; no look-around, no back-references).
 */
export interface Pattern {
  matchesWhole(text: string): boolean;
  matchesSomewhere(text: string): boolean;
}

/** Longer ones are no check of an input any more. */
const MAX_PATTERN_LENGTH = 500;

export function parsePattern(source: string): { readonly value: Pattern } | { readonly problem: string } {
  if (source.length > MAX_PATTERN_LENGTH) {
    return { problem: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    const compiled = RE2JS.compile(source);
    return {
      value: {
        matchesWhole: (text) => compiled.matches(text),
        matchesSomewhere: (text) => compiled.matcher(text).find(),
      },
    };
  } catch (error) {
    const detail =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return { problem: `not a regular expression (RE2 syntax): ${detail}` };
  }
}
