import { decodeHostBytes } from '../../text/host-bytes.ts';
import { hashHere } from './hash-here.ts';
import { type Look, readBytes } from './look.ts';
import type { Ownership } from './owning.ts';

const HASH_LIMIT = 256 * 1024 * 1024;
const INSTALLED = '/lib/apk/db/installed';

/** apk's database of what is installed: `P:` package, `F:` folder, `R:` file, `Z:` its SHA-1 (Q1 + base64). */
export function apkOwnership(look: Look): Ownership {
  let known: Map<string, { owner: string; sha1: string | null }> | null = null;
  const table = (): Map<string, { owner: string; sha1: string | null }> => {
    const file = readBytes(look, 'dropped-files', INSTALLED, 64 * 1024 * 1024);
    return file === null ? new Map() : parseInstalled(decodeHostBytes(file.bytes));
  };
  return {
    owners: async (paths) => {
      known ??= table();
      const { size } = known;
      return new Map(paths.map((path) => [path, size === 0 ? undefined : (known?.get(path)?.owner ?? null)]));
    },
    integrity: async (path) => {
      known ??= table();
      const sha1 = known.get(path)?.sha1 ?? null;
      if (sha1 === null) return 'not-listed';
      const hex = hashHere(look, 'dropped-files', path, 'sha1', HASH_LIMIT);
      if (hex === null) return 'not-checked';
      return Buffer.from(hex, 'hex').toString('base64') === sha1 ? 'unchanged' : 'changed';
    },
    digestOf: async (path) => {
      known ??= table();
      const sha1 = known.get(path)?.sha1 ?? null;
      return sha1 === null ? null : { algorithm: 'sha1', hex: Buffer.from(sha1, 'base64').toString('hex') };
    },
  };
}

export function parseInstalled(text: string): Map<string, { owner: string; sha1: string | null }> {
  const out = new Map<string, { owner: string; sha1: string | null }>();
  let owner = '';
  let folder = '';
  let path = '';
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) owner = value;
    else if (line.startsWith('F:')) folder = value;
    else if (line.startsWith('R:')) {
      path = `/${folder === '' ? '' : `${folder}/`}${value}`;
      out.set(path, { owner, sha1: null });
    } else if (line.startsWith('Z:Q1') && path !== '') out.set(path, { owner, sha1: line.slice(4) });
  }
  return out;
}
