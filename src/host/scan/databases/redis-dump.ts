import { LONGEST_STORED } from '../../../findings/stored-text.ts';
import { unpackLzf } from './lzf.ts';

/** One text of a key: a string, or an element of a list, a set, a hash; latin-1. */
export interface StoredValue {
  readonly key: string;
  readonly database: number;
  readonly text: string;
}

export interface DumpReading {
  readonly values: readonly StoredValue[];
  /** Bytes up to the end of the dump; null if it ended before, or goes on in a form that is not known. */
  readonly end: number | null;
}

/** Shorter is no command. */
const LEAST = 12;

/**
 * A dump of Redis (rdb.h, rdb.c; versions 1 to 12, and Valkey’s): keys with their values, strings packed by LZF or not. Of
 * values that Redis keeps packed in a form of their own (listpacks, ziplists, streams, modules) only the length is read.
 */
export function readRedisDump(bytes: Buffer, isWanted: (text: string) => boolean): DumpReading {
  const values: StoredValue[] = [];
  let at = 9;
  let database = 0;
  let key = '';

  const take = (count: number): number => {
    const from = at;
    if (!(count >= 0) || from + count > bytes.length) throw new RangeError('The dump ends here.');
    at += count;
    return from;
  };
  const byte = (): number => bytes[take(1)] ?? 0;
  /** A length, or (as a negative number) how a string is kept that is none. */
  const head = (): number => {
    const first = byte();
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | byte();
    if (first === 0x80) return bytes.readUInt32BE(take(4));
    if (first === 0x81) return Number(bytes.readBigUInt64BE(take(8)));
    return -1 - (first & 0x3f);
  };
  const length = (): number => {
    const value = head();
    if (value < 0) throw new RangeError('No length is there.');
    return value;
  };
  /** null for a number, and for what is too long to be of interest. */
  const string = (): string | null => {
    const size = head();
    if (size >= 0) {
      const from = take(size);
      return size > LONGEST_STORED ? null : bytes.toString('latin1', from, at);
    }
    if (size > -4) {
      take(2 ** (-1 - size));
      return null;
    }
    if (size !== -4) throw new RangeError('No such string is known.');
    const packed = length();
    const whole = length();
    const from = take(packed);
    if (whole > LONGEST_STORED) return null;
    return unpackLzf(bytes.subarray(from, at), whole)?.toString('latin1') ?? null;
  };
  const value = (): void => {
    const text = string();
    if (text !== null && text.length >= LEAST && isWanted(text)) values.push({ key, database, text });
  };
  const times = (count: number, each: () => void): void => {
    for (let left = count; left > 0; left -= 1) each();
  };
  const module = (): void => {
    for (let kind = length(); kind !== 0; kind = length()) {
      if (kind === 1 || kind === 2) length();
      else if (kind === 3 || kind === 4) take(kind === 3 ? 4 : 8);
      else if (kind === 5) string();
      else throw new RangeError('No such part of a module is known.');
    }
  };
  const stream = (type: number): void => {
    times(length(), () => [string(), string()]);
    times(type === 15 ? 3 : 8, length);
    times(length(), () => {
      string();
      times(type === 15 ? 2 : 3, length);
      times(length(), () => [take(24), length()]);
      times(length(), () => {
        string();
        take(type === 21 ? 16 : 8);
        times(length(), () => take(16));
      });
    });
  };
  const object = (type: number): void => {
    if (type === 0) value();
    else if (type === 1 || type === 2) times(length(), value);
    else if (type === 3) times(length(), () => [value(), double()]);
    else if (type === 4) times(length(), () => [value(), value()]);
    else if (type === 5) times(length(), () => [value(), take(8)]);
    else if (type === 7) [length(), module()];
    else if ((type >= 9 && type <= 13) || type === 16 || type === 17 || type === 20 || type === 23) string();
    else if (type === 14) times(length(), string);
    // A node that is not packed is one element as it is.
    else if (type === 18) times(length(), () => (length() === 1 ? value() : string()));
    else if (type === 15 || type === 19 || type === 21) stream(type);
    else if (type === 22 || type === 24) {
      if (type === 24) take(8);
      times(length(), () => [length(), value(), value()]);
    } else if (type === 25) [take(8), string()];
    else throw new RangeError('No such type is known.');
  };
  const double = (): void => {
    const size = byte();
    if (size < 253) take(size);
  };
  const aside: Readonly<Record<number, () => void>> = {
    244: () => times(3, length),
    245: () => string(),
    247: () => [length(), length(), length(), module()],
    248: () => length(),
    249: () => byte(),
    250: () => [string(), string()],
    251: () => times(2, length),
    252: () => take(8),
    253: () => take(4),
    254: () => {
      database = length();
    },
  };
  try {
    for (;;) {
      const type = byte();
      // Behind the end stand eight bytes that guard the whole, since version 5.
      if (type === 0xff) return { values, end: at + (bytes.toString('latin1', 5, 9) >= '0005' ? 8 : 0) };
      const other = aside[type];
      if (other !== undefined) {
        other();
        continue;
      }
      key = string() ?? '';
      object(type);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { values, end: null };
  }
}

export function isRedisDump(bytes: Buffer): boolean {
  return /^REDIS\d{4}$/.test(bytes.toString('latin1', 0, 9));
}
