import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { listFolder } from '../look.ts';
import { pythonTraits, quotedCommands } from './python-text.ts';
import { homesOf, type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Code that every start of Python runs (site(7) of Python’s library): `import` lines of *.pth, and two modules. */
export const pythonStartUp: StartReader = {
  mechanism: 'python-start-up',
  *list(look, scope) {
    const versions = (folder: string): string[] =>
      listFolder(look, scope, folder)
        .filter((name) => /^python\d/.test(name))
        .map((name) => `${folder}/${name}`);
    const ofSystem = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/etc'].flatMap(versions);
    for (const version of ofSystem) yield* filesIn(version, null);
    for (const account of homesOf(look)) {
      const pyenv = `${account.home}/.pyenv/versions`;
      const built = listFolder(look, scope, pyenv).slice(0, 50);
      for (const lib of ['.local/lib', ...built.map((name) => `.pyenv/versions/${name}/lib`)])
        for (const version of versions(`${account.home}/${lib}`)) yield* filesIn(version, account);
    }

    function* filesIn(version: string, account: ReturnType<typeof homesOf>[number] | null) {
      for (const folder of [version, `${version}/dist-packages`, `${version}/site-packages`]) {
        yield* placesIn(look, scope, folder, { as: 'file', parse: parsePth, name: /\.pth$/, account });
        yield* placesIn(look, scope, folder, { as: 'file', parse: parseModule, name: MODULE, account });
      }
    }
  },
};

const MODULE = /^(sitecustomize|usercustomize)\.py$/;

/** Lines that setuptools, virtualenv, coverage and editable installs are known to write. */
const KNOWN_IMPORTS = [
  /^import _virtualenv$/,
  /^import os; var = 'SETUPTOOLS_USE_DISTUTILS'; /,
  /^import sys, types, os; ?(has_mfs|p = os\.path\.join|importlib)/,
  /^import sys;exec\('?\\?n?.*coverage/,
  /^import __editable__[\w.]+; __editable__[\w.]+\.install\(\)$/,
  /^import (coverage; coverage\.process_startup\(\)|a1_coverage)/,
  /^import (_distutils_hack|distutils-precedence|_pdbpp_path_hack|matplotlib|pywin32_bootstrap)\b/,
  /^import sys; sys\.__plen = len\(sys\.path\)$/,
  /^import sys; new ?= ?sys\.path\[sys\.__plen:\]/,
];

/** Only lines that start with `import` are run (site.py); the others are folders. */
function parsePth({ text }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  const code: string[] = [];
  for (const { line: whole, number } of numberedLines(text)) {
    const line = whole.replace(/\r$/, '');
    const isCode = /^import[ \t]/.test(line) && !KNOWN_IMPORTS.some((known) => known.test(line));
    code.push(isCode ? line : '');
    if (isCode) traits.push({ code: 'unusual-import', what: '', line: number });
  }
  if (traits.length === 0) return { commands: [], isNothing: true };
  const whole = code.join('\n');
  return { commands: quotedCommands(whole), traits: [...traits, ...pythonTraits(whole)] };
}

function parseModule({ text }: StartText): ParsedStart {
  const isEmpty = text.split('\n').every((line) => /^\s*(#|$)/.test(line));
  return { commands: quotedCommands(text), traits: pythonTraits(text), isNothing: isEmpty };
}
