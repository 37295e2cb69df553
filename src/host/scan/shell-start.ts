import { entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readLines } from './look.ts';
import type { Ownership } from './owning.ts';
import { type Account, isSystemAccount } from './passwd.ts';

const SYSTEM_FILES = [
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/zshenv',
  '/etc/zprofile',
  '/etc/zshrc',
  '/etc/zlogin',
  '/etc/zsh/zshenv',
  '/etc/zsh/zprofile',
  '/etc/zsh/zshrc',
  '/etc/zsh/zlogin',
  '/etc/environment',
];
const HOME_FILES = [
  '.profile',
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_logout',
  '.bash_aliases',
  '.zshenv',
  '.zprofile',
  '.zshrc',
  '.zlogin',
  '.zlogout',
  '.kshrc',
  '.mkshrc',
  '.xprofile',
  '.xinitrc',
  '.xsessionrc',
];
/** What new homes and /etc/profile are made from: lines that are there too were not added by anybody. */
const TEMPLATES = ['/etc/skel', '/usr/share/base-files'];
const MOST_LINES = 4000;

/** Lines that were added to files which a shell runs when it starts, for every account and for all. */
export async function enumerateShellStart(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const stock = templateLines(look);
  const files: { path: string; account: Account | null }[] = SYSTEM_FILES.map((path) => ({
    path,
    account: null,
  }));
  for (const name of listFolder(look, 'shell-start', '/etc/profile.d'))
    files.push({ path: `/etc/profile.d/${name}`, account: null });
  const homes = new Set<string>();
  for (const account of look.accounts) {
    if (!account.home.startsWith('/') || homes.has(account.home)) continue;
    homes.add(account.home);
    for (const name of HOME_FILES) files.push({ path: `${account.home}/${name}`, account });
  }
  const done = new Set<string>();
  let seen = 0;
  for (const { path, account } of files) {
    const file = await entryFile(look, 'shell-start', path, ownership);
    if (file === null || done.has(file.file.path)) continue;
    done.add(file.file.path);
    seen += 1;
    if (file.isUnchangedFromPackage) continue;
    const lines = readLines(look, 'shell-start', file.file.path) ?? [];
    const repeats = new Map<string, number>();
    lines.slice(0, MOST_LINES).forEach((text, index) => {
      const trimmed = text.trim();
      if (trimmed === '' || trimmed.startsWith('#') || stock.has(trimmed) || trimmed.length > 16_384) return;
      const repeat = repeats.get(text) ?? 0;
      repeats.set(text, repeat + 1);
      gathered.lines.push({
        ...file,
        role: 'shell-start-line',
        line: { number: index + 1, text },
        details: {
          command: trimmed,
          ...preloadOf(trimmed),
          ...(repeat > 0 ? { repeat: String(repeat) } : {}),
        },
        command: trimmed,
        home: account?.home ?? null,
        account: account?.name ?? null,
        isSystemAccount: account !== null && isSystemAccount(account),
        siblings: lines.length,
      });
    });
  }
  return seen;
}

function templateLines(look: Look): Set<string> {
  const stock = new Set<string>();
  for (const folder of TEMPLATES) {
    for (const name of listFolder(look, 'shell-start', folder)) {
      if (!/^(\.|dot\.|profile)/.test(name)) continue;
      for (const line of readLines(look, 'shell-start', `${folder}/${name}`) ?? []) stock.add(line.trim());
    }
  }
  return stock;
}

/** The library that an `LD_PRELOAD=` has loaded, by its whole path; of several the first. */
function preloadOf(line: string): { library?: string } {
  const library = /(?:^|[\s;])LD_(?:PRELOAD|AUDIT)=["']?(\/[^\s:"';]+)/.exec(line)?.[1];
  return library === undefined ? {} : { library };
}
