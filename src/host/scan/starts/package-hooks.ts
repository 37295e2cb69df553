import type { StartCommand } from '../../../findings/start-script.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { listFolder } from '../look.ts';
import { parseIni } from './ini-text.ts';
import { pythonTraits, quotedCommands } from './python-text.ts';
import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** What apt, dpkg, yum and dnf run when packages are installed. */
export const packageHooks: StartReader = {
  mechanism: 'package-hook',
  *list(look, scope) {
    yield { path: '/etc/apt/apt.conf', account: null, as: 'file', parse: parseApt };
    yield* placesIn(look, scope, '/etc/apt/apt.conf.d', {
      as: 'file',
      parse: parseApt,
      name: NOT_LEFT_BEHIND,
    });
    yield { path: '/etc/dpkg/dpkg.cfg', account: null, as: 'lines', parse: parseDpkg };
    yield* placesIn(look, scope, '/etc/dpkg/dpkg.cfg.d', {
      as: 'file',
      parse: parseDpkg,
      name: NOT_LEFT_BEHIND,
    });
    yield* placesIn(look, scope, '/etc/dnf/plugins/post-transaction-actions.d', {
      as: 'file',
      parse: parseActions,
    });
    yield* placesIn(look, scope, '/etc/dnf/libdnf5-plugins/actions.d', {
      as: 'file',
      parse: parseActions,
      name: /\.actions$/,
    });
    yield* placesIn(look, scope, '/etc/yum/post-actions', { as: 'file', parse: parseActions });
    for (const folder of [
      '/usr/lib/yum-plugins',
      ...pythonPluginFolders(listFolder(look, scope, '/usr/lib')),
    ])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parsePlugin, name: /\.py$/ });
    for (const folder of ['/etc/apk/commit_hooks.d', '/etc/pacman.d/hooks', '/usr/share/libalpm/hooks'])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseHookFile });
  },
};

const NOT_LEFT_BEHIND = /^(?!.*(~|\.(dpkg-\w+|bak|save|disabled|orig)$))/;

function pythonPluginFolders(names: readonly string[]): string[] {
  return names
    .filter((name) => /^python3/.test(name))
    .flatMap((name) => [
      `/usr/lib/${name}/site-packages/dnf-plugins`,
      `/usr/lib/${name}/site-packages/libdnf5/plugins`,
    ]);
}

const APT_HOOK =
  /\b(?:(?:Pre|Post)-Invoke(?:-Success|-Stats)?|Pre-Install-Pkgs|(?:Install|Search|Upgrade|Stats)?Hooks?::[\w-]+|AptCli::Hooks::\w+)\b/i;

/** apt.conf(5): every text in quotes from the name of a hook up to the end of its list. */
function parseApt({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  let isHook = false;
  let depth = 0;
  let hookDepth = 0;
  for (const { line: whole, number } of numberedLines(text)) {
    const line = whole.trimStart().startsWith('#') ? '' : whole;
    for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|\/\/.*$|[{};]|[^\s"{};]+/g)) {
      if (token.startsWith('//')) break;
      if (token === '{') depth += 1;
      else if (token === '}') {
        depth -= 1;
        if (depth <= hookDepth) isHook = false;
      } else if (token === ';') {
        if (depth <= hookDepth) isHook = false;
      } else if (token.startsWith('"')) {
        if (isHook) commands.push({ text: token.slice(1, -1).replace(/\\(.)/g, '$1'), line: number });
      } else if (APT_HOOK.test(token)) {
        isHook = true;
        hookDepth = depth;
      }
    }
  }
  return hooksOf(commands);
}

/** dpkg(1): `pre-invoke=COMMAND` and `post-invoke=COMMAND`, as options in a file. */
function parseDpkg({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  for (const { line, number } of numberedLines(text)) {
    const command = /^\s*(?:--)?(?:pre|post)-invoke(?:\s*=\s*|\s+)(.+)$/.exec(line)?.[1];
    if (command !== undefined) commands.push({ text: command.replace(/^(["'])(.*)\1$/, '$2'), line: number });
  }
  return hooksOf(commands);
}

/** `package:state:command` of dnf’s and yum’s post-transaction actions, `event:package:direction:options:command` of dnf5. */
function parseActions({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  for (const { line, number } of numberedLines(text)) {
    const command =
      /^\s*(?:p(?:re|ost)_\w+|repos_\w+|goal_resolved):[^:]*:[^:]*:[^:]*:(.+)$/.exec(line)?.[1] ??
      /^\s*[^#:\s][^:]*:[a-z]+:(.+)$/i.exec(line)?.[1];
    if (command !== undefined) commands.push({ text: command, line: number });
  }
  return hooksOf(commands);
}

function parsePlugin({ text }: StartText): ParsedStart {
  return { commands: quotedCommands(text), traits: pythonTraits(text) };
}

function parseHookFile({ text }: StartText): ParsedStart {
  const exec = parseIni(text).filter(({ key }) => key === 'exec');
  if (exec.length > 0) return { commands: exec.map(({ value, line }) => ({ text: value, line })) };
  return {
    commands: [...numberedLines(text)].map(({ line, number }) => ({ text: line, line: number })),
    isScript: true,
  };
}

const HOUSEKEEPING =
  /^[\s()]*((if|then|fi|\{|\}|\[|test|rm|touch|true|:|\/bin\/true|\/usr\/bin\/(test|touch))\b[^|]*(;|&&|\|\||$)\s*)+[\s()]*$/;
const ITS_FOLDERS =
  /^(\/var\/(cache|lib)\/(apt|update-notifier|apt-xapian-index)\/|\/dev\/null$|\/usr\/bin\/|\/bin\/)/;

/** No hook, nothing to tell of: most files of apt hold settings only. Docker’s images have one that cleans up. */
function hooksOf(commands: readonly StartCommand[]): ParsedStart {
  const isHousekeeping =
    commands.length > 0 &&
    commands.every(
      ({ text }) =>
        HOUSEKEEPING.test(text) &&
        (text.match(/(?<![\w.*])\/[^\s;"')]+/g) ?? []).every((path) => ITS_FOLDERS.test(path)),
    );
  return {
    commands,
    traits: isHousekeeping ? [{ code: 'housekeeping', what: '' }] : [],
    isNothing: commands.length === 0,
  };
}
