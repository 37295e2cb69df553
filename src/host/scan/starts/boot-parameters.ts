import { scriptCommands } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import {
  type ParsedStart,
  parseProgram,
  placesIn,
  type StartPlace,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** What the boot loader is told: GRUB's defaults, which are shell text, and the scripts that write its menu. */
export const bootParameters: StartReader = {
  mechanism: 'boot-parameter',
  *list(look, scope) {
    const settings: Omit<StartPlace, 'path'> = { account: null, as: 'lines', parse: parseDefaults };
    yield { ...settings, path: '/etc/default/grub' };
    yield { ...settings, path: '/etc/kernel/cmdline' };
    yield* placesIn(look, scope, '/etc/default/grub.d', { ...settings, as: 'file', name: /\.cfg$/ });
    yield* placesIn(look, scope, '/etc/grub.d', { as: 'file', parse: parseMenu, name: /^(?!README)/ });
  },
};

/** A script whose output is the menu: what it does itself, and what it has the kernel start. */
function parseMenu(text: StartText): ParsedStart {
  return { ...parseProgram(text), traits: parseDefaults(text).traits ?? [] };
}

const INIT = /(?:^|[\s"'=])(?:init|rdinit|systemd\.run|dracut\.init)=([^\s"']+)/;
const ORDINARY_INIT = /^(\/usr)?(\/lib\/systemd\/systemd|\/s?bin\/(init|systemd|openrc-init)|\/init)$/;
const GUARD_OFF =
  /(?:^|[\s"'])((?:selinux|apparmor|audit|kaslr|module\.sig_enforce|lockdown|ima_appraise)=(?:0|off|none)|nokaslr|enforcing=0)(?=[\s"']|$)/;

function parseDefaults({ text, path }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  for (const { line, number } of numberedLines(text)) {
    if (line.trimStart().startsWith('#')) continue;
    const init = INIT.exec(line)?.[1];
    if (init !== undefined && !ORDINARY_INIT.test(init))
      traits.push({ code: 'other-init', what: init, line: number });
    const guard = GUARD_OFF.exec(line)?.[1];
    if (guard !== undefined) traits.push({ code: 'guard-off', what: guard, line: number });
  }
  return { commands: path.includes('grub') ? scriptCommands(text) : [], traits, isScript: true };
}
