import type { ScanScope } from '../../findings/scan.ts';
import { type Look, listFolder } from './look.ts';

const MOST_PATHS = 500;

/** `/etc/ssh/ssh_config.d/*.conf`: the paths that there are. Without a `*` the path itself, there or not. Unlike a shell's, hidden names too. */
export function pathsLike(look: Look, scope: ScanScope, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!part.includes('*')) found = found.map((folder) => `${folder}/${part}`);
    else
      found = found
        .flatMap((folder) =>
          listFolder(look, scope, folder)
            .filter((name) => isLike(name, part.split('*')))
            .map((name) => `${folder}/${name}`),
        )
        .slice(0, MOST_PATHS);
  }
  return found;
}

/** Each piece after the one before it, the first at the beginning and the last at the end. */
function isLike(name: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
