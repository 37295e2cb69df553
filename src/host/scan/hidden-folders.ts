import { STOCK_TEMP_FOLDERS } from '../../findings/ordinary.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

const MOST = 2000;

/** Files in the folders of /tmp that hold sockets of the X server and nothing else: nobody looks there. */
export async function enumerateHiddenFolders(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  let seen = 0;
  for (const place of ['/tmp', '/var/tmp', '/dev/shm']) {
    for (const name of STOCK_TEMP_FOLDERS) {
      const waiting = [`${place}/${name}`];
      for (let folder = waiting.pop(); folder !== undefined && seen < MOST; folder = waiting.pop()) {
        if (!statHere(look, folder)?.isDirectory()) continue;
        for (const inner of listFolder(look, 'impairment', folder)) {
          const path = `${folder}/${inner}`;
          const stats = statHere(look, path);
          seen += 1;
          if (stats?.isDirectory()) waiting.push(path);
          if (!stats?.isFile() || /^X\d+-lock$/.test(inner)) continue;
          const start = readBytes(look, 'impairment', path, 4)?.bytes.toString('latin1') ?? '';
          const isProgram = (stats.mode & 0o111n) !== 0n || /^(\x7fELF|#!)/.test(start);
          markFile(look, gathered, {
            part: 'impairment',
            code: 'hidden-folder',
            path,
            package: (await ownership.owners([path])).get(path),
            role: 'hidden-file',
            advice: 'take it away',
            details: { folder, isProgram: isProgram ? 'yes' : 'no' },
          });
        }
      }
    }
  }
  return seen;
}
