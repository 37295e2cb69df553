import type { ScanScope } from '../../findings/scan.ts';
import { type Look, listFolder } from './look.ts';

const MOST_PATHS = 500;

/** `/etc/ssh/ssh_config.d/*.conf`: paths that there are, `*` once in any part of it; without one the path itself, there or not. */
export function pathsLike(look: Look, scope: ScanScope, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/').slice(1)) {
    const [before = '', after] = part.split('*');
    if (after === undefined) found = found.map((folder) => `${folder}/${part}`);
    else
      found = found
        .flatMap((folder) =>
          listFolder(look, scope, folder)
            .filter((name) => isLike(name, before, after))
            .map((name) => `${folder}/${name}`),
        )
        .slice(0, MOST_PATHS);
  }
  return found;
}

function isLike(name: string, before: string, after: string): boolean {
  return (
    name.length >= before.length + after.length &&
    name.startsWith(before) &&
    name.endsWith(after) &&
    // As for a shell: what hides is named in full.
    (before !== '' || !name.startsWith('.'))
  );
}
