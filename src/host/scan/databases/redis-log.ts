import { LONGEST_STORED } from '../../../findings/stored-text.ts';
import { isRedisDump, readRedisDump, type StoredValue } from './redis-dump.ts';

/**
 * Redis’s log of what was written (aof.c): after a dump, if it begins with one, the commands as they came, each
 * `*COUNT` and for each word `$LENGTH` and the word. What was written over or removed later is not told.
 */
export function readRedisLog(bytes: Buffer, isWanted: (text: string) => boolean): readonly StoredValue[] {
  const dump = isRedisDump(bytes) ? readRedisDump(bytes, isWanted) : { values: [], end: 0 };
  const values = new Map<string, StoredValue[]>();
  const keep = (value: StoredValue): void => {
    const name = `${value.database} ${value.key}`;
    values.set(name, [...(values.get(name) ?? []), value]);
  };
  dump.values.forEach(keep);
  let at = dump.end ?? bytes.length;
  let database = 0;

  const number = (mark: string): number | null => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0 || end > at + 20 || bytes[at] !== mark.charCodeAt(0)) return null;
    const value = Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    return Number.isInteger(value) && value >= 0 ? value : null;
  };
  const word = (): string | null => {
    const size = number('$');
    if (size === null || at + size > bytes.length) return null;
    const text = size > LONGEST_STORED ? '' : bytes.toString('latin1', at, at + size);
    at += size + 2;
    return text;
  };
  const apply = ([name = '', key = '', ...rest]: readonly string[]): void => {
    const what = name.toLowerCase();
    if (what === 'select') database = Number(key);
    else if (/^flush(all|db)$/.test(what)) values.clear();
    else if (/^(del|unlink)$/.test(what))
      for (const one of [key, ...rest]) values.delete(`${database} ${one}`);
    else {
      if (/^(set|getset|setex|psetex)$/.test(what)) values.delete(`${database} ${key}`);
      for (const text of rest.filter(isWanted)) keep({ key, database, text });
    }
  };
  while (at < bytes.length) {
    // Times of what follows, as comments: `#TS:1700000000`.
    if (bytes[at] === 0x23) {
      at = Math.max(bytes.indexOf('\n', at), at) + 1;
      continue;
    }
    const words: string[] = [];
    for (let left = number('*') ?? -1; left > 0; left -= 1) {
      const text = word();
      if (text === null) return [...values.values()].flat();
      words.push(text);
    }
    if (words.length === 0) break;
    apply(words);
  }
  return [...values.values()].flat();
}
