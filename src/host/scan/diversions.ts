import { type Look, readLines } from './look.ts';

/** What dpkg keeps elsewhere (dpkg-divert(1)): path → whether a package wanted it or somebody on this host. */
export function localDiversions(look: Look): ReadonlyMap<string, 'by-package' | 'by-hand'> {
  const out = new Map<string, 'by-package' | 'by-hand'>();
  const lines = readLines(look, 'tools', '/var/lib/dpkg/diversions') ?? [];
  // Three lines each: from, to, package; `:` for one made by hand.
  for (let at = 0; at + 2 < lines.length; at += 3)
    out.set(lines[at] ?? '', lines[at + 2] === ':' ? 'by-hand' : 'by-package');
  return out;
}
