import type { RuleSource } from '../../findings/file-rules.ts';

const ANY_RULE = /\brule\s+\w+\s*[:{]/g;
const RULE_BLOCK = /^rule\s+\w+\s*[:{]/m;
const NEEDED = /^\s*needs_one_of = "((?:[^"\\\n]|\\["\\])+)"$/gm;

/**
 * Words of which a file that fits any of the rules holds at least one, by what the rules say of themselves in `meta`
 * (`needs_one_of`, apart by blanks); null if one of them does not say so, or it cannot be told which. A file without
 * any of them need not be given to YARA.
 */
export function neededWords(sources: readonly RuleSource[]): readonly Buffer[] | null {
  const words = new Set<string>();
  for (const { text } of sources) {
    const blocks = text.split(RULE_BLOCK).slice(1);
    // One that is written otherwise than alone at the start of a line could hide among the others.
    if (blocks.length !== [...text.matchAll(ANY_RULE)].length) return null;
    for (const block of blocks) {
      const needed = [...block.matchAll(NEEDED)];
      if (needed.length !== 1) return null;
      const plain = (needed[0]?.[1] ?? '').replaceAll(/\\(["\\])/g, '$1');
      for (const word of plain.split(' ').filter(Boolean)) words.add(word);
    }
  }
  return [...words].map((word) => Buffer.from(word));
}
