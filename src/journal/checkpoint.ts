import { wordlist } from '@scure/bip39/wordlists/english.js';

/** 11 bits each, 66 in all: far too many to look for another journal with the same words. */
const WORDS = 6;
const BITS = 11;

/** The head of a journal (64 hex digits) as six words that can be read to a colleague. The words are BIP-39's. */
export function checkpointPhrase(head: string): string {
  const bits = BigInt(`0x${head}`);
  return Array.from({ length: WORDS }, (_, index) => {
    const number = Number((bits >> BigInt(256 - BITS * (index + 1))) & 0x7ffn);
    return wordlist[number] ?? '';
  }).join(' ');
}

export type CheckpointPlace =
  /** Number of the record whose head it is. */
  | { readonly status: 'contained'; readonly seq: number }
  | { readonly status: 'missing' }
  /** Not six of the words; `hint` says which is not one. */
  | { readonly status: 'no-phrase'; readonly hint: string };

/** Where in a journal a phrase as somebody typed it stands; `hashes` are those of its whole records, in order. */
export function findCheckpoint(hashes: readonly string[], typed: string): CheckpointPlace {
  const words = typed
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !wordlist.includes(word));
  if (unknown !== undefined) {
    const near = wordlist.filter((word) => word.startsWith(unknown.slice(0, 3))).slice(0, 5);
    const hint = near.length === 0 ? '' : `; near it are ${near.join(', ')}`;
    return { status: 'no-phrase', hint: `"${unknown}" is none of the words${hint}` };
  }
  if (words.length !== WORDS)
    return { status: 'no-phrase', hint: `it has ${words.length} words, not ${WORDS}` };
  const phrase = words.join(' ');
  const index = hashes.findIndex((hash) => checkpointPhrase(hash) === phrase);
  return index === -1 ? { status: 'missing' } : { status: 'contained', seq: index + 1 };
}
