import { matchesWildcard } from '../../text/wildcard.ts';
import { type Look, listFolder, readLines } from './look.ts';

export interface SshdLine {
  readonly path: string;
  /** 1-based. */
  readonly number: number;
  /** Lower case. */
  readonly keyword: string;
  readonly value: string;
  /** The condition of the Match block that it stands in; null if it holds for everybody. */
  readonly match: string | null;
  /** Of several lines with one keyword sshd takes the first (sshd_config(5)). */
  readonly isEffective: boolean;
}

const MOST_FILES = 100;
const MAIN = '/etc/ssh/sshd_config';
/** Keywords of which sshd takes every line. */
const MANY: ReadonlySet<string> = new Set([
  'hostkey',
  'port',
  'listenaddress',
  'acceptenv',
  'subsystem',
  'setenv',
]);

/** sshd's settings in the order in which sshd reads them, with what `Include` brings in. */
export function readSshdConfig(look: Look): SshdLine[] {
  const out: SshdLine[] = [];
  const given = new Set<string>();
  let files = 0;
  const read = (path: string, outer: string | null, open: ReadonlySet<string>): void => {
    files += 1;
    if (open.has(path)) return;
    if (files > MOST_FILES) {
      const reason = `it includes more than ${MOST_FILES} files; not all were looked at`;
      look.unknowns.push({ scope: 'sshd', what: MAIN, reason });
      return;
    }
    let match = outer;
    (readLines(look, 'sshd', path) ?? []).forEach((text, index) => {
      const parsed = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(text);
      if (parsed === null) return;
      const keyword = (parsed[1] ?? '').toLowerCase();
      const value = (parsed[2] ?? '').replace(/\s+#.*$/, '');
      if (keyword === 'match') {
        match = /^all$/i.test(value) ? null : value;
        return;
      }
      if (keyword === 'include') {
        for (const pattern of words(value))
          for (const inner of expand(look, pattern)) read(inner, match, new Set([...open, path]));
        return;
      }
      const isEffective = MANY.has(keyword) || !given.has(`${match ?? ''}\n${keyword}`);
      given.add(`${match ?? ''}\n${keyword}`);
      out.push({ path, number: index + 1, keyword, value, match, isEffective });
    });
  };
  read(MAIN, null, new Set());
  return out;
}

export function words(value: string): string[] {
  return [...value.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** Wildcards in the last part only, as everybody writes it; relative to /etc/ssh. */
function expand(look: Look, pattern: string): string[] {
  const path = pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`;
  const at = path.lastIndexOf('/');
  const [folder, last] = [path.slice(0, at), path.slice(at + 1)];
  if (!/[*?[]/.test(last)) return [path];
  return listFolder(look, 'sshd', folder)
    .filter((name) => !name.startsWith('.') && matchesWildcard(last, name))
    .map((name) => `${folder}/${name}`);
}
