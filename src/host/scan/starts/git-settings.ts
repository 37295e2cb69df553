import type { ScanScope } from '../../../findings/scan.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import type { Look } from '../look.ts';
import type { Account } from '../passwd.ts';
import { gitRepositories } from './git-repositories.ts';
import { parseIni } from './ini-text.ts';
import { homesOf, type ParsedStart, type StartReader, type StartText } from './start-reader.ts';

/** Settings of git that start programs (git-config(1)): hooksPath, fsmonitor, pagers, aliases, filters and the like. */
export const gitSettings: StartReader = {
  mechanism: 'git-setting',
  *list(look, scope) {
    for (const { path, account } of gitConfigFiles(look, scope))
      yield { path, account, as: 'lines', parse: (text) => parseSettings(text, account?.home ?? null) };
  },
};

export function* gitConfigFiles(
  look: Look,
  scope: ScanScope,
): Generator<{ readonly path: string; readonly account: Account | null }> {
  yield { path: '/etc/gitconfig', account: null };
  for (const account of homesOf(look)) {
    yield { path: `${account.home}/.gitconfig`, account };
    yield { path: `${account.home}/.config/git/config`, account };
  }
  for (const { gitFolder, account } of gitRepositories(look, scope))
    yield { path: `${gitFolder}/config`, account };
}

/** Folders that core.hooksPath names. Those that are relative lie in a work tree, with what was checked out. */
export function hooksFolders(text: string, home: string | null): string[] {
  return parseIni(text)
    .filter(({ section, key }) => /^core$/i.test(section) && key === 'hookspath')
    .map(({ value }) => unquote(value).replace(/^~(?=\/)/, home ?? '~'))
    .filter((folder) => folder.startsWith('/'));
}

const COMMAND_KEYS: Readonly<Record<string, RegExp>> = {
  core: /^(pager|editor|sshcommand|askpass|gitproxy|fsmonitor|alternaterefscommand)$/,
  pager: /./,
  diff: /^(external|command|textconv)$/,
  merge: /^driver$/,
  filter: /^(clean|smudge|process)$/,
  credential: /^helper$/,
  gpg: /^program$/,
  sequence: /^editor$/,
  browser: /^(cmd|path)$/,
  difftool: /^cmd$/,
  mergetool: /^cmd$/,
  uploadpack: /^packobjectshook$/,
};

function parseSettings({ text }: StartText, home: string | null): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  for (const { section, key, value: raw, line } of parseIni(text)) {
    const name = section.split(/[\s."]/)[0]?.toLowerCase() ?? '';
    const value = unquote(raw);
    if (name === 'alias' && value.startsWith('!')) commands.push({ text: value.slice(1), line });
    else if (COMMAND_KEYS[name]?.test(key) && !/^(true|false|yes|no|on|off|\d+|)$/i.test(value))
      commands.push({ text: value.replace(/^!/, ''), line });
    else if (name === 'core' && key === 'hookspath')
      for (const folder of hooksFolders(`[core]\nhookspath=${value}`, home))
        traits.push(...folderTraits(folder, line));
    // What is included says as much as what stands here (git-config(1), Includes).
    else if (/^include(if)?$/.test(name) && key === 'path') traits.push(...folderTraits(value, line));
  }
  return { commands, traits };
}

function folderTraits(folder: string, line: number): StartTrait[] {
  if (/^\/(tmp|var\/tmp|dev\/shm|run\/user)(\/|$)/.test(folder))
    return [{ code: 'temporary-folder', what: folder, line }];
  return [];
}

function unquote(value: string): string {
  return value.replace(/^"((?:[^"\\]|\\.)*)"\s*(?:[#;].*)?$/, '$1').replace(/\\(["\\])/g, '$1');
}
