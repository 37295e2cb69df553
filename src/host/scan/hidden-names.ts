import type { Gathered } from './gathered.ts';
import { type Look, listFolder, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const FOLDERS = [
  '/',
  ...['/tmp', '/var/tmp', '/dev/shm', '/dev', '/run', '/etc', '/opt', '/srv', '/var', '/var/lib', '/var/log'],
  ...['/var/spool', '/var/cache', '/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/usr/share'],
  ...['/usr/local', '/usr/local/bin', '/usr/local/lib', '/usr/local/share', '/usr/include', '/boot', '/mnt'],
];
/** Dots and blanks alone, blanks at an end, and characters that show nothing: a listing does not tell them. */
const UNSEEN =
  /^\.{3,}\s*$|^\.{1,2}\s+|^\s|\s$|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|^[\u00a0\u3000]/;

/** Names that are made not to be seen, and ordinary files among the devices. */
export async function enumerateHiddenNames(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const homes = look.accounts.map(({ home }) => home).filter((home) => /^\/.+/.test(home));
  const folders = new Set([...FOLDERS, ...homes, ...homes.map((home) => `${home}/.config`)]);
  let seen = 0;
  for (const folder of folders) {
    for (const name of listFolder(look, 'impairment', folder)) {
      seen += 1;
      const path = `${folder === '/' ? '' : folder}/${name}`;
      const isUnseen = UNSEEN.test(name);
      if (!isUnseen && !(folder === '/dev' && statHere(look, path)?.isFile())) continue;
      const isFile = statHere(look, path)?.isFile() ?? false;
      markFile(look, gathered, {
        part: 'impairment',
        code: isUnseen ? 'unseen-name' : 'file-among-devices',
        path,
        package: (await ownership.owners([path])).get(path),
        advice: 'look at what is in it, keep a copy, and take it away',
        details: { value: isFile ? 'a file' : 'a folder' },
        ...(isFile ? { role: 'hidden-file' as const } : {}),
      });
    }
  }
  return seen;
}
