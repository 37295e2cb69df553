import type { ScanScope } from '../../../findings/scan.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import { logicalLines } from '../../../text/numbered-lines.ts';
import { matchesWildcard } from '../../../text/wildcard.ts';
import { type Look, listFolder, readBytes, statHere } from '../look.ts';

/** Nobody's settings include more. */
const MOST_FILES = 100;
const MOST_DEPTH = 4;

/**
 * Files that settings have read with them, and what those include: `paths` themselves are not among them.
 * `namesOf` gives what a line includes: a path (relative to the file's folder), a folder, or either with `*` and `?`.
 */
export function includedFiles(
  look: Look,
  scope: ScanScope,
  paths: readonly string[],
  namesOf: (line: string) => readonly string[],
): string[] {
  const given = new Set(paths);
  const seen = new Set(given);
  let latest = [...given];
  for (let depth = 0; depth < MOST_DEPTH && latest.length > 0; depth += 1) {
    const next: string[] = [];
    for (const path of latest) {
      for (const name of namesIn(look, scope, path, namesOf))
        for (const found of expand(look, scope, name))
          if (!seen.has(found)) {
            seen.add(found);
            next.push(found);
          }
    }
    latest = next.slice(0, MOST_FILES);
  }
  if (latest.length > 0 || seen.size > MOST_FILES + given.size) {
    const reason = `it includes more than ${MOST_FILES} files, or more than ${MOST_DEPTH} deep; not all were looked at`;
    look.unknowns.push({ scope, what: paths[0] ?? '', reason });
  }
  return [...seen].slice(given.size, given.size + MOST_FILES);
}

function namesIn(
  look: Look,
  scope: ScanScope,
  path: string,
  namesOf: (line: string) => readonly string[],
): string[] {
  const file = readBytes(look, scope, path);
  if (file === null) return [];
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [...logicalLines(decodeHostBytes(file.bytes))]
    .filter(({ line }) => !/^\s*[#;]/.test(line))
    .flatMap(({ line }) => namesOf(line))
    .map((name) => (name.startsWith('/') ? name : `${folder}/${name}`));
}

/** What a shell's pattern stands for, part by part; of a folder, what is in it. */
function expand(look: Look, scope: ScanScope, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/').filter((one) => one !== '' && one !== '.')) {
    if (!/[*?[]/.test(part)) found = found.map((parent) => `${parent}/${part}`);
    else {
      // To look at a file too many does no harm.
      const wildcard = part.replace(/\[[^\]]*\]/g, '?');
      found = found.flatMap((parent) =>
        listFolder(look, scope, parent === '' ? '/' : parent)
          .filter(
            (name) => matchesWildcard(wildcard, name) && (!name.startsWith('.') || part.startsWith('.')),
          )
          .map((name) => `${parent}/${name}`),
      );
    }
    found = found.slice(0, MOST_FILES + 1);
  }
  return found.flatMap((path) =>
    statHere(look, path)?.isDirectory()
      ? listFolder(look, scope, path).map((name) => `${path}/${name}`)
      : [path],
  );
}
