import { entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readLines } from './look.ts';
import type { Ownership } from './owning.ts';
import { type Account, isSystemAccount } from './passwd.ts';
import { readNumbered } from './read-numbered.ts';

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
  '/etc/csh.cshrc',
  '/etc/csh.login',
  '/etc/csh.logout',
  '/etc/tcsh.tcshrc',
  '/etc/fish/config.fish',
  '/etc/bash_completion',
  '/etc/environment',
];
/** Every file in them is read by a shell that starts: bash-completion by each of an interactive bash. */
const SYSTEM_FOLDERS = ['/etc/profile.d', '/etc/fish/conf.d', '/etc/bash_completion.d'];
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
  '.cshrc',
  '.tcshrc',
  '.login',
  '.logout',
  '.bash_completion',
  '.config/fish/config.fish',
  '.mkshrc',
  '.xprofile',
  '.xinitrc',
  '.xsessionrc',
];
/** What new homes and /etc/profile are made from: lines that are there too were not added by anybody. */
const TEMPLATES = ['/etc/skel', '/usr/share/base-files'];

/** Lines that were added to files which a shell runs when it starts, for every account and for all. */
export async function enumerateShellStart(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const stock = await templateLines(look, ownership);
  const files: { path: string; account: Account | null }[] = SYSTEM_FILES.map((path) => ({
    path,
    account: null,
  }));
  for (const folder of SYSTEM_FOLDERS)
    for (const name of listFolder(look, 'shell-start', folder))
      files.push({ path: `${folder}/${name}`, account: null });
  // A line that is laid here goes into the home of every account that is made.
  for (const name of HOME_FILES) files.push({ path: `/etc/skel/${name}`, account: null });
  const homes = new Set<string>();
  for (const account of look.accounts) {
    if (!account.home.startsWith('/') || homes.has(account.home)) continue;
    homes.add(account.home);
    for (const name of HOME_FILES) files.push({ path: `${account.home}/${name}`, account });
    const fish = `${account.home}/.config/fish/conf.d`;
    for (const name of listFolder(look, 'shell-start', fish))
      files.push({ path: `${fish}/${name}`, account });
  }
  const done = new Set<string>();
  let seen = 0;
  for (const { path, account } of files) {
    const file = await entryFile(look, 'shell-start', path, ownership);
    if (file === null || done.has(file.file.path)) continue;
    done.add(file.file.path);
    seen += 1;
    if (file.isUnchangedFromPackage) continue;
    const lines = readNumbered(look, 'shell-start', file.file.path) ?? [];
    const repeats = new Map<string, number>();
    for (const { whole, line, number } of lines) {
      const trimmed = line.trim();
      if (trimmed.startsWith('#') || stock.has(trimmed)) continue;
      const repeat = repeats.get(whole) ?? 0;
      repeats.set(whole, repeat + 1);
      gathered.lines.push({
        ...file,
        role: 'shell-start-line',
        line: { number, text: whole },
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
    }
  }
  return seen;
}

/** Of templates that are as their package brought them: who changes one has lines that he adds to homes pass for stock. */
async function templateLines(look: Look, ownership: Ownership): Promise<Set<string>> {
  const stock = new Set<string>();
  for (const folder of TEMPLATES) {
    for (const name of listFolder(look, 'shell-start', folder)) {
      if (!/^(\.|dot\.|profile)/.test(name)) continue;
      const file = await entryFile(look, 'shell-start', `${folder}/${name}`, ownership);
      const isStock = file !== null && (file.isUnchangedFromPackage || file.package === undefined);
      if (!isStock) continue;
      for (const line of readLines(look, 'shell-start', file.file.path) ?? []) stock.add(line.trim());
    }
  }
  return stock;
}

/** The library that an `LD_PRELOAD=` has loaded, by its whole path; of several the first. */
function preloadOf(line: string): { library?: string } {
  const library = /(?:^|[\s;])LD_(?:PRELOAD|AUDIT)=["']?(\/[^\s:"';]+)/.exec(line)?.[1];
  return library === undefined ? {} : { library };
}
