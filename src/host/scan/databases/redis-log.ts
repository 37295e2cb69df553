import { LONGEST_STORED } from '../../../findings/stored-text.ts';
import { isRedisDump, readRedisDump, type StoredValue } from './redis-dump.ts';

export interface LogFile {
  readonly path: string;
  readonly bytes: Buffer;
}

export interface LoggedValue extends StoredValue {
  readonly path: string;
}

/**
 * Redis’s log of what was written (aof.c): after a dump, if it begins with one, the commands as they came, each
 * `*COUNT` and for each word `$LENGTH` and the word; since version 7 in several files, the dump in the first. What was
 * written over or removed later is not told.
 */
export function readRedisLog(files: readonly LogFile[], isWanted: (text: string) => boolean): LoggedValue[] {
  const values = new Map<string, LoggedValue[]>();
  for (const { path, bytes } of files) {
    const keep = (value: StoredValue): void => {
      const name = `${value.database} ${value.key}`;
      values.set(name, [...(values.get(name) ?? []), { ...value, path }]);
    };
    const dump = isRedisDump(bytes) ? readRedisDump(bytes, isWanted) : { values: [], end: 0 };
    for (const value of dump.values) keep(value);
    let database = 0;
    for (const [name = '', key = '', ...rest] of commandsOf(bytes, dump.end ?? bytes.length)) {
      const what = name.toLowerCase();
      if (what === 'select') database = Number(key);
      else if (/^flush(all|db)$/.test(what)) values.clear();
      else if (/^(del|unlink)$/.test(what))
        for (const one of [key, ...rest]) values.delete(`${database} ${one}`);
      else {
        if (/^(set|getset|setex|psetex)$/.test(what)) values.delete(`${database} ${key}`);
        for (const text of rest.filter(isWanted)) keep({ key, database, text });
      }
    }
  }
  return [...values.values()].flat();
}

/** Up to the first that is cut off. A word that is too long to be of interest is left empty. */
function* commandsOf(bytes: Buffer, start: number): Generator<string[]> {
  let at = start;
  const number = (mark: string): number | null => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0 || end > at + 20 || bytes[at] !== mark.charCodeAt(0)) return null;
    const value = Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    return Number.isInteger(value) && value >= 0 ? value : null;
  };
  while (at < bytes.length) {
    // Times of what follows, as comments: `#TS:1700000000`.
    if (bytes[at] === 0x23) {
      at = Math.max(bytes.indexOf('\n', at), at) + 1;
      continue;
    }
    const words: string[] = [];
    for (let left = number('*') ?? 0; left > 0; left -= 1) {
      const size = number('$');
      if (size === null || at + size > bytes.length) return;
      words.push(size > LONGEST_STORED ? '' : bytes.toString('latin1', at, at + size));
      at += size + 2;
    }
    if (words.length === 0) return;
    yield words;
  }
}
