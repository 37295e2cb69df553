import { IN_A_NAME, INTERNAL_HOST, INTERNAL_V4, INTERNAL_V6 } from './internal-names.ts';
import type { KnownNames, Redaction } from './names-in.ts';

/** One pattern for all, so that nothing is replaced twice: the word of a placeholder by the name of the group. */
export function namePattern(names: KnownNames, redactions: readonly Redaction[]): RegExp {
  const groups = redactions
    .toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map((redaction) => `(?<${WORDS[redaction]}>${alternatives(redaction, names).join('|') || '(?!)'})`);
  return new RegExp(groups.join('|') || '(?!)', 'gi');
}

export const WORDS = { addresses: 'address', users: 'user', hosts: 'host' } as const satisfies Record<
  Redaction,
  string
>;
/** A host is named after people more often than people after a host. */
const ORDER: readonly Redaction[] = ['hosts', 'addresses', 'users'];

function alternatives(redaction: Redaction, names: KnownNames): string[] {
  const listed = [...names[redaction]].sort((a, b) => b.length - a.length).map(escaped);
  switch (redaction) {
    case 'addresses': {
      // A port may follow an IPv4 address; in an IPv6 one a colon goes on.
      const own = listed.map(
        (name) =>
          `(?<![A-Za-z0-9:])(?<!\\d\\.)${name}(?![A-Za-z0-9${name.includes(':') ? ':' : ''}])(?!\\.\\d)`,
      );
      return [...own, INTERNAL_V4, IN_A_NAME, INTERNAL_V6];
    }
    case 'users':
      return apart(listed);
    case 'hosts': {
      const below =
        names.domain === null
          ? []
          : [`(?<![\\w-])(?:[\\w-]{1,63}\\.){0,8}${escaped(names.domain)}(?![\\w-])`];
      return [...below, INTERNAL_HOST, ...apart(listed)];
    }
  }
}

/** In the name of a file dashes and underscores are blanks. */
function apart(listed: readonly string[]): string[] {
  return listed.length === 0 ? [] : [`(?<![A-Za-z0-9])(?:${listed.join('|')})(?![A-Za-z0-9])`];
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
