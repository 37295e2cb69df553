import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import {
  type ParsedStart,
  placesIn,
  ROOTS,
  type StartPlace,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** Names under which published rootkits and their fakes load. */
export const ROOTKIT_MODULES: ReadonlySet<string> = new Set([
  'diamorphine',
  'reptile',
  'reptile_module',
  'suterusu',
  'kovid',
  'puma',
  'singularity',
  'rootkit',
  'nuk3gh0st',
  'iptable_mac',
  'snd_pcs',
  'usb_pcs',
  'ipv6_kac',
]);

/** Which kernel modules are loaded at the start, and what modprobe runs in their stead (modules-load.d(5), modprobe.d(5)). */
export const moduleLists: StartReader = {
  mechanism: 'module-list',
  *list(look, scope) {
    const list: Omit<StartPlace, 'path'> = { account: null, as: 'lines', parse: parseList };
    yield { ...list, path: '/etc/modules' };
    for (const root of ROOTS) {
      yield* placesIn(look, scope, `${root}/modules-load.d`, { ...list, as: 'drop-in', name: /\.conf$/ });
      yield* placesIn(look, scope, `${root}/modprobe.d`, {
        as: 'drop-in',
        parse: parseModprobe,
        name: /\.conf$/,
      });
    }
    yield* placesIn(look, scope, '/etc/modules-load.d', { ...list, name: /^modules$/ });
  },
};

function parseList({ text }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  for (const { line, number } of numberedLines(text)) {
    const name = /^\s*([^\s#;]+)/.exec(line)?.[1]?.replaceAll('-', '_');
    if (name === undefined) continue;
    if (ROOTKIT_MODULES.has(name)) traits.push({ code: 'rootkit-module', what: name, line: number });
    if (name === 'msr') traits.push({ code: 'mining-module', what: name, line: number });
  }
  return { commands: [], traits };
}

/** `install MODULE COMMAND` and `remove MODULE COMMAND`; /bin/true and /bin/false only switch a module off. */
function parseModprobe({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  for (const { line, number } of numberedLines(text)) {
    const command = /^\s*(?:install|remove)\s+\S+\s+(.+)$/.exec(line)?.[1];
    if (command !== undefined && !/^(\/usr)?(\/bin\/)?(true|false)\b/.test(command))
      commands.push({ text: command, line: number });
  }
  return { commands };
}
