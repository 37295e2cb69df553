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
  const unheeded = Map.groupBy(
    all.filter(({ isEffective }) => !isEffective),
    aboutWhat,
  );
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
        const details = {
          ...detailsOf(line, unheeded.get(aboutWhat(line)) ?? []),
          ...sshdRepair(line, look),
        };
        return { details, ...(command === null ? {} : { command }) };
      },
    );
  }
  return all.length;
}

function aboutWhat({ keyword, match }: SshdLine): string {
  return `${keyword}\n${match}`;
}

function detailsOf(line: SshdLine, unheeded: readonly SshdLine[]): Record<string, string> {
  // The file everybody looks at says one thing, and one that is read before it says another.
  const contradicted = line.isEffective
    ? unheeded.find(({ value }) => value.toLowerCase() !== line.value.toLowerCase())
    : undefined;
  return {
    keyword: line.keyword,
    value: line.value,
    isEffective: line.isEffective ? 'yes' : 'no',
    ...(line.match === null ? {} : { match: line.match }),
    ...(contradicted
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
