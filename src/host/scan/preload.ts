import { entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, readLines } from './look.ts';
import type { Ownership } from './owning.ts';

/** Libraries that the dynamic linker loads into every program (ld.so(8)): one finding an entry. */
export async function enumeratePreload(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const path = '/etc/ld.so.preload';
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
        details: { library },
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
