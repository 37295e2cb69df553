import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../src/text/wildcard.ts';

describe('wildcards', () => {
  it.for([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['*.conf', 'a.conf', true],
    ['*.conf', 'a.conf~', false],
    ['a*b*c', 'a-bb-bc', true],
    ['a*b*c', 'acb', false],
    ['?', '', false],
    ['?a*', 'ba', true],
    ['a.c', 'abc', false],
    ['**', 'x', true],
    ['(a+)+$', '(a+)+$', true],
  ] as const)('%s and “%s”: %s', ([pattern, name, is]) => {
    expect(matchesWildcard(pattern, name)).toBe(is);
  });

  it('comes to an end with what would hold a regular expression for ever', () => {
    expect(matchesWildcard(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
  });
});
