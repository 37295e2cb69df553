import { commandInVariable } from '../../../findings/command-reading.ts';
import { loadedByVariable } from '../../../findings/loading-variables.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { homesOf, type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

const LINES = { as: 'lines', parse: parseEnvironment } as const;

/**
 * Variables that what is started inherits: of systemd’s own managers (systemd-system.conf(5), environment.d(5)) and of
 * log-ins (pam_env(7)). A library that is loaded by them is loaded into every program; some of them name a program.
 */
export const environmentFiles: StartReader = {
  mechanism: 'environment-file',
  *list(look, scope) {
    for (const name of ['system', 'user']) {
      yield { path: `/etc/systemd/${name}.conf`, account: null, ...LINES };
      for (const root of ['/etc', '/run', '/usr/lib'])
        yield* placesIn(look, scope, `${root}/systemd/${name}.conf.d`, { ...LINES, name: /\.conf$/ });
    }
    for (const folder of ['/etc/environment.d', '/usr/lib/environment.d'])
      yield* placesIn(look, scope, folder, { ...LINES, name: /\.conf$/ });
    yield { path: '/etc/security/pam_env.conf', account: null, ...LINES };
    for (const account of homesOf(look)) {
      yield { path: `${account.home}/.pam_environment`, account, ...LINES };
      yield { path: `${account.home}/.ssh/environment`, account, ...LINES };
      yield* placesIn(look, scope, `${account.home}/.config/environment.d`, { ...LINES, account });
    }
  },
};

const PRELOADS = /^LD_(?:PRELOAD|AUDIT)=/;

/** `NAME=value`; several of them after systemd’s `DefaultEnvironment=`, each in quotes if it holds blanks. */
function settingsOf(line: string): string[] {
  const several = /^\s*(?:Default|Manager)Environment=(.*)$/.exec(line)?.[1];
  if (several !== undefined)
    return [...several.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((one) => one[1] ?? one[2] ?? one[3] ?? '');
  // pam_env.conf(5) has `NAME DEFAULT=value`.
  return [line.trim().replace(/^(\w+)\s+(?:DEFAULT|OVERRIDE)=/, '$1=')];
}

function parseEnvironment({ text }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  const commands: StartCommand[] = [];
  for (const { line, number } of numberedLines(text)) {
    if (/^\s*[#;]/.test(line)) continue;
    for (const setting of settingsOf(line)) {
      const command = commandInVariable(setting);
      if (command !== null) commands.push({ text: command, line: number });
      if (!PRELOADS.test(setting))
        for (const path of loadedByVariable(setting)) commands.push({ text: path, line: number });
    }
    const library = /\bLD_(?:PRELOAD|AUDIT)(?:=|\s+(?:DEFAULT|OVERRIDE)=)["']?(\/[^\s:"']+)/.exec(line)?.[1];
    if (library === undefined) continue;
    const here = { what: library, line: number };
    traits.push({ code: 'loads-library', ...here });
    if (/^\/(tmp|var\/tmp|dev\/shm|run\/user)\//.test(library))
      traits.push({ code: 'temporary-folder', ...here });
    if (/\/\./.test(library)) traits.push({ code: 'hidden-folder', ...here });
  }
  return { commands, traits, isNothing: traits.length + commands.length === 0 };
}
