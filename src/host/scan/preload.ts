import { PRELOAD_FILE, withPreloadFile } from '../preload-file.ts';
import { entryFile } from './entry-file.ts';
import { exportedSymbols } from './exported-symbols.ts';
import type { Gathered } from './gathered.ts';
import { type Look, readBytes, readLines } from './look.ts';
import type { Ownership } from './owning.ts';

/** Libraries that the dynamic linker loads into every program (ld.so(8)): one finding an entry. */
export async function enumeratePreload(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  sayWhatIsLoaded(look, gathered);
  return look.root === ''
    ? withPreloadFile(() => readEntries(look, gathered, ownership))
    : readEntries(look, gathered, ownership);
}

async function readEntries(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const path = PRELOAD_FILE;
  const file = await entryFile(look, 'preload', path, ownership);
  const lines = file === null ? null : readLines(look, 'preload', path);
  if (file === null || lines === null) return 0;
  let seen = 0;
  lines.forEach((text, index) => {
    // Separated by blanks or colons; `#` starts a comment.
    for (const library of text.replace(/#.*$/, '').split(/[\s:]+/)) {
      if (library === '') continue;
      seen += 1;
      gathered.lines.push({
        ...file,
        role: 'preload-entry',
        line: { number: index + 1, text },
        details: { library, ...hiding(look, library) },
        command: null,
        home: null,
        account: null,
        isSystemAccount: false,
        siblings: lines.length,
      });
    }
  });
  return seen;
}

/** What lists folders, and with them processes: libraries that hide something put their own before it. */
const LISTING = /^(readdir(64)?(_r)?|getdents(64)?|scandir(64)?)$/;

function hiding(look: Look, library: string): { hides?: string } {
  const hides = library.startsWith('/') ? listingSymbols(look, library) : '';
  return hides === '' ? {} : { hides };
}

/** Functions of a library that stand before those which list files and processes, by name; '' if it has none. */
export function listingSymbols(look: Look, library: string): string {
  const file = readBytes(look, 'preload', library);
  if (file === null) return '';
  return exportedSymbols(Buffer.from(file.bytes))
    .filter((name) => LISTING.test(name))
    .join(', ');
}

/** That the host's own programs are not to be believed, and whether we go by them. */
function sayWhatIsLoaded({ root, facts: { preload } }: Look, gathered: Gathered): void {
  if (root !== '' || !preload) return;
  const libraries = preload.libraries.map(({ path, sha256 }) => `${path} (SHA-256 ${sha256 ?? 'unknown'})`);
  gathered.disagreements.push({
    about: PRELOAD_FILE,
    ours: preload.isSteppedAround
      ? 'tourniquet and the tools it starts run without it, in a mount namespace of their own; the file is untouched'
      : `tourniquet and the tools it starts run with it too: ${preload.failure}`,
    theirs: `every program of this host is started with ${libraries.join(', ')} in it`,
    code: preload.isSteppedAround ? 'stepped-around' : 'preloaded',
    pid: null,
    place: PRELOAD_FILE,
  });
}
