/**
 * Whether a name is as a pattern says in which `*` stands for any text and `?` for one character. In time of the product of
 * both lengths at most: patterns come from the host, and as regular expressions some of them would take for ever.
 */
export function matchesWildcard(pattern: string, name: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let tried = 0;
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from;
      tried = at;
      from += 1;
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === name[at])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      tried += 1;
      at = tried;
      from = star + 1;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}
