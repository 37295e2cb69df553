import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import type { Ownership } from './owning.ts';
import { readSshdConfig, type SshdLine, words } from './sshd-config.ts';
import { sshdRepair } from './sshd-repair.ts';

const OF_INTEREST: ReadonlySet<string> = new Set([
  'passwordauthentication',
  'permitrootlogin',
  'permitemptypasswords',
  'authorizedkeysfile',
  'authorizedkeyscommand',
  'trustedusercakeys',
  'authorizedprincipalscommand',
  'forcecommand',
  'permituserenvironment',
  'strictmodes',
  'subsystem',
  'loglevel',
  'usepam',
  'pubkeyauthentication',
  'kbdinteractiveauthentication',
  'challengeresponseauthentication',
  'allowusers',
  'denyusers',
  'allowgroups',
  'denygroups',
]);

/** What sshd is told about who may log in, line by line, and which of the lines holds. */
export async function enumerateSshd(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const all = readSshdConfig(look).filter(({ keyword }) => OF_INTEREST.has(keyword));
  const byFile = Map.groupBy(all, ({ path }) => path);
  for (const [path, lines] of byFile) {
    const byNumber = new Map(lines.map((line) => [line.number, line]));
    await gatherLines(
      look,
      gathered,
      ownership,
      { scope: 'sshd', path, role: 'sshd-line' },
      (_text, index) => {
        const line = byNumber.get(index + 1);
        if (line === undefined) return null;
        const command = commandOf(line);
        const details = { ...detailsOf(line, all), ...sshdRepair(line, look) };
        return { details, ...(command === null ? {} : { command }) };
      },
    );
  }
  return all.length;
}

function detailsOf(line: SshdLine, all: readonly SshdLine[]): Record<string, string> {
  const others = all.filter((other) => other.keyword === line.keyword && other.match === line.match);
  // The file everybody looks at says one thing, and one that is read before it says another.
  const contradicted = others.find(
    (other) => other !== line && !other.isEffective && other.value.toLowerCase() !== line.value.toLowerCase(),
  );
  return {
    keyword: line.keyword,
    value: line.value,
    isEffective: line.isEffective ? 'yes' : 'no',
    ...(line.match === null ? {} : { match: line.match }),
    ...(line.isEffective && contradicted
      ? { contradicts: `${contradicted.path} line ${contradicted.number}: ${contradicted.value}` }
      : {}),
  };
}

/** What it starts: the whole for a forced command, which goes through a shell; else the words after a name. */
function commandOf({ keyword, value }: SshdLine): string | null {
  if (keyword === 'forcecommand') return value;
  if (keyword === 'subsystem') return value.replace(/^\S+\s*/, '');
  if (!keyword.endsWith('command') || words(value)[0] === 'none') return null;
  return value;
}
