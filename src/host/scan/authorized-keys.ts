import { parseAuthorizedKey } from './authorized-key.ts';
import { entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { ageOf, fileAges } from './key-age.ts';
import { keyUses, usesOf } from './key-use.ts';
import { type Look, readLines } from './look.ts';
import type { Ownership } from './owning.ts';
import { type Account, isSystemAccount } from './passwd.ts';
import { readSshdConfig, words } from './sshd-config.ts';
import { effectiveKeyFiles } from './sshd-effective.ts';

const DEFAULT = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];

/** Keys that let somebody log in, of every account, those of programs too. */
export async function enumerateAuthorizedKeys(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const patterns = [
    ...new Set([...DEFAULT, ...configuredPatterns(look), ...(await effectivePatterns(look))]),
  ];
  const done = new Set<string>();
  const uses = await keyUses(look);
  let seen = 0;
  for (const account of look.accounts) {
    for (const pattern of patterns) {
      const path = expand(pattern, account);
      if (path === null) continue;
      const file = await entryFile(look, 'authorized-keys', path, ownership);
      if (file === null || done.has(file.file.path)) continue;
      done.add(file.file.path);
      const lines = readLines(look, 'authorized-keys', file.file.path) ?? [];
      const keys = lines.flatMap((text, index) => {
        const key = parseAuthorizedKey(text);
        return key === null ? [] : [{ key, text, number: index + 1 }];
      });
      const ages = keys.length === 0 ? [] : fileAges(look, file.file.path);
      const repeats = new Map<string, number>();
      for (const { key, text, number } of keys) {
        const repeat = repeats.get(text) ?? 0;
        repeats.set(text, repeat + 1);
        seen += 1;
        gathered.lines.push({
          ...file,
          role: 'authorized-key',
          line: { number, text },
          details: {
            type: key.type,
            fingerprint: key.fingerprint,
            comment: key.comment,
            options: key.options,
            account: account.name,
            ...usesOf(key.fingerprint, uses),
            age: ageOf(key.fingerprint, ages, uses),
            ...(key.fingerprint === look.facts.responder.keyFingerprint
              ? { yours: 'you came in with it' }
              : {}),
            ...(repeat > 0 ? { repeat: String(repeat) } : {}),
          },
          command: null,
          home: account.home,
          account: account.name,
          isSystemAccount: isSystemAccount(account),
          siblings: keys.length,
        });
      }
    }
  }
  return seen;
}

/** What sshd says itself, which knows its built-in values and what `Match` makes of them for each account. */
async function effectivePatterns(look: Look): Promise<string[]> {
  return (await effectiveKeyFiles(look))
    .flatMap(words)
    .filter((pattern) => pattern !== '' && pattern !== 'none');
}

/** AuthorizedKeysFile of sshd_config(5) and what it includes, wherever it stands (Match blocks too). */
function configuredPatterns(look: Look): string[] {
  return readSshdConfig(look)
    .filter(({ keyword }) => keyword === 'authorizedkeysfile')
    .flatMap(({ value }) => words(value))
    .filter((pattern) => pattern !== '' && pattern !== 'none');
}

/** %h, %u, %U, %% as in sshd_config(5) TOKENS. */
function expand(pattern: string, account: Account): string | null {
  const tokens: Readonly<Record<string, string>> = {
    '%h': account.home,
    '%u': account.name,
    '%U': String(account.uid),
    '%%': '%',
  };
  const path = pattern.replace(/%[huU%]/g, (token) => tokens[token] ?? token);
  if (path.startsWith('/')) return path;
  return account.home.startsWith('/') ? `${account.home}/${path}` : null;
}
