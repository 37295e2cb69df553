import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type Look, statHere } from '../look.ts';
import {
  type ParsedStart,
  placesIn,
  type StartPlace,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** From where the dynamic linker takes libraries for every program (ldconfig(8), musl's ld path file). */
export const libraryFolders: StartReader = {
  mechanism: 'library-folder',
  *list(look, scope) {
    const parse = (text: StartText): ParsedStart => parseFolders(look, text);
    const place: Omit<StartPlace, 'path'> = { account: null, as: 'lines', parse };
    yield { ...place, path: '/etc/ld.so.conf' };
    yield* placesIn(look, scope, '/etc', { ...place, name: /^ld-musl-.*\.path$/ });
    yield* placesIn(look, scope, '/etc/ld.so.conf.d', { ...place, as: 'drop-in', name: /\.conf$/ });
  },
};

function parseFolders(look: Look, { text }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  for (const { line: whole, number: line } of numberedLines(text)) {
    const folder = whole.replace(/#.*$/, '').trim();
    if (!folder.startsWith('/')) continue;
    if (/^\/(tmp|var\/tmp|dev\/shm|run\/user)(\/|$)/.test(folder))
      traits.push({ code: 'temporary-folder', what: folder, line });
    if (/\/\.[^./]/.test(folder)) traits.push({ code: 'hidden-folder', what: folder, line });
    const stats = statHere(look, folder);
    if (stats === null || !stats.isDirectory()) continue;
    if ((stats.mode & 0o002n) !== 0n) traits.push({ code: 'writable-folder', what: folder, line });
    else if (stats.uid !== 0n && look.facts.isRoot && stats.uid !== rootOf(look))
      traits.push({ code: 'folder-of-user', what: folder, line });
  }
  return { commands: [], traits };
}

/** Whose `/` is: root’s, if not seen from within a user namespace. */
function rootOf(look: Look): bigint {
  return statHere(look, '/')?.uid ?? 0n;
}
