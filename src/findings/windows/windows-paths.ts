/** Paths of Windows as text: case does not count, `/` is as good as `\`. Pure. */

export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('\\'), 0));
}

/** What two ways to write a path have in common: lower case, no quotes, no `\??\` or `\\?\` before it. */
export function samePath(path: string): string {
  return path
    .trim()
    .replaceAll('"', '')
    .replaceAll('/', '\\')
    .replace(/^\\(?:\?\?|\\\?)\\/, '')
    .toLowerCase();
}

const ABSOLUTE = /"([a-z]:\\[^"<>|?*]+)"|'([a-z]:\\[^'"<>|?*]+)'|(?<![\w"'])([a-z]:\\[^\s"'<>|?*,;]+)/gi;
const UNQUOTED_PROGRAM = /^[a-z]:\\[^"<>|?*]+?\.(?:exe|com|scr|bat|cmd)(?=\s|$)/i;

/**
 * Absolute paths of files that a command line names, as written, the program first. An unquoted path with blanks ends, as
 * CreateProcess looks for it, where a program's ending is.
 */
export function programsIn(text: string): string[] {
  const found = new Map<string, string>();
  const add = (path: string) => found.set(samePath(path), path);
  const first = UNQUOTED_PROGRAM.exec(text.trim())?.[0];
  if (first !== undefined) add(first);
  const rest = first === undefined ? text : text.trim().slice(first.length);
  for (const [, quoted, single, plain] of rest.matchAll(ABSOLUTE)) add(quoted ?? single ?? plain ?? '');
  return [...found.values()].filter((path) => /\.[a-z0-9]{1,5}$/i.test(path));
}

/** Programs that others are started through: being named in an entry says nothing of them. */
const HOSTS_OF_OTHERS = new Set([
  ...['cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'rundll32.exe'],
  ...['regsvr32.exe', 'msiexec.exe', 'svchost.exe', 'conhost.exe', 'schtasks.exe', 'explorer.exe'],
]);

/** By name and place: one that only has such a name is what it is. */
export function startsOthers(path: string): boolean {
  const key = samePath(path);
  const folder = folderOf(key);
  const isInPlace = folder === '' || /^[a-z]:\\(?:windows(?:\\|$)|program files\\powershell\\)/.test(folder);
  return isInPlace && HOSTS_OF_OTHERS.has(fileNameOf(key));
}
