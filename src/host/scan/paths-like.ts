import type { ScanScope } from '../../findings/scan.ts';
import { matchesWildcard } from '../../text/wildcard.ts';
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
            .filter((name) => matchesWildcard(part, name))
            .map((name) => `${folder}/${name}`),
        )
        .slice(0, MOST_PATHS);
  }
  return found;
}
