import { createHash } from 'node:crypto';
import { decodeHostBytes, encodeHostBytes } from '../../text/host-bytes.ts';
import { hashHere } from './hash-here.ts';
import { type Look, linkTarget, readBytes, statHere } from './look.ts';
import { type Digest, mergeUsr, type Ownership } from './owning.ts';

const HASH_LIMIT = 256 * 1024 * 1024;
/** The second is where apk 3 keeps it on a host whose /lib is not a link to /usr/lib. */
const INSTALLED = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

export interface ApkFile {
  readonly path: string;
  readonly owner: string;
  readonly digest: Digest | null;
}

/** apk's database of what is installed, read once: several packages may name one path while /usr is being merged. */
export function apkOwnership(look: Look): Ownership {
  let known: ReadonlyMap<string, readonly ApkFile[]> | null = null;
  const filesOf = (path: string): readonly ApkFile[] => {
    known ??= tableOf(look);
    const all = known.get(mergeUsr(path)) ?? [];
    const exact = all.filter((one) => one.path === path);
    return exact.length > 0 ? exact : all;
  };
  return {
    owners: async (paths) =>
      new Map(paths.map((path) => [path, filesOf(path)[0]?.owner ?? (known?.size === 0 ? undefined : null)])),
    integrity: async (path) => {
      const digests = filesOf(path).flatMap(({ digest }) => digest ?? []);
      if (digests.length === 0) return 'not-listed';
      const found = digests.map(({ algorithm }) => digestHere(look, path, algorithm));
      if (found.includes(null)) return 'not-checked';
      return digests.some(({ hex }, index) => hex === found[index]) ? 'unchanged' : 'changed';
    },
    digestOf: async (path) => filesOf(path)[0]?.digest ?? null,
  };
}

/** Of a link apk keeps the hash of what it leads to, as text. */
function digestHere(look: Look, path: string, algorithm: Digest['algorithm']): string | null {
  if (!statHere(look, path)?.isSymbolicLink())
    return hashHere(look, 'dropped-files', path, algorithm, HASH_LIMIT);
  const target = linkTarget(look, path);
  return target === null ? null : createHash(algorithm).update(encodeHostBytes(target)).digest('hex');
}

function tableOf(look: Look): ReadonlyMap<string, readonly ApkFile[]> {
  const table = new Map<string, ApkFile[]>();
  for (const path of INSTALLED) {
    const file = readBytes(look, 'dropped-files', path, 64 * 1024 * 1024);
    if (file === null) continue;
    for (const one of parseInstalled(decodeHostBytes(file.bytes))) {
      const merged = mergeUsr(one.path);
      const others = table.get(merged);
      if (others === undefined) table.set(merged, [one]);
      else others.push(one);
    }
    break;
  }
  return table;
}

/**
 * `P:` package, `F:` folder (`M:` its mode), `R:` file (`a:` its owner and mode), `Z:` its hash (apk_db_write_fdb and
 * apk_blob_pull_digest of apk-tools).
 */
export function parseInstalled(text: string): ApkFile[] {
  const out: ApkFile[] = [];
  let owner = '';
  let folder = '';
  let path: string | null = null;
  const end = (digest: Digest | null): void => {
    if (path !== null) out.push({ path, owner, digest });
    path = null;
  };
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    const field = line.slice(0, 2);
    if (field === 'Z:') end(digestOf(value));
    else if (field === 'P:' || field === 'F:' || field === 'R:' || line === '') end(null);
    if (field === 'P:') owner = value;
    else if (field === 'F:') folder = value;
    else if (field === 'R:') path = `/${folder === '' ? '' : `${folder}/`}${value}`;
  }
  end(null);
  return out;
}

const SHA1 = 28;

/**
 * `Q1` and the SHA-1 in base64, `Q2` and the SHA-256, `X1` and `X2` the same in hexadecimal. A SHA-256 after `Q1` is in
 * two pieces: what an older apk takes for a SHA-1 of 20 bytes, and the rest.
 */
function digestOf(value: string): Digest | null {
  const [, encoding, kind, rest = ''] = /^([QX])([12])(.+)$/.exec(value) ?? [];
  const hex =
    encoding === 'X'
      ? rest.toLowerCase()
      : toHex(kind === '1' ? rest.slice(0, SHA1) : rest) + toHex(kind === '1' ? rest.slice(SHA1) : '');
  if (!/^[0-9a-f]+$/.test(hex)) return null;
  if (hex.length === 40) return { algorithm: 'sha1', hex };
  return hex.length === 64 ? { algorithm: 'sha256', hex } : null;
}

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
