import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';

/** Lines of /etc/shells (shells(5)): what an account may have as its shell. */
export async function enumerateListedShells(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const of = { scope: 'accounts', path: '/etc/shells', role: 'listed-shell' } as const;
  const count = await gatherLines(look, gathered, ownership, of, (text) => {
    if (!text.startsWith('/')) return null;
    const real = resolve(look, text);
    const isThere = real !== null && statHere(look, real) !== null;
    return { details: { shell: text, isThere: isThere ? 'yes' : 'no' } };
  });
  return count ?? 0;
}
