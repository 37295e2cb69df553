import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { type Look, statHere } from '../look.ts';
import {
  type ParsedStart,
  parseLines,
  placesIn,
  ROOTS,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** Rules of udev(7) that start programs: RUN, PROGRAM and IMPORT{program}. */
export const udevRules: StartReader = {
  mechanism: 'udev-rule',
  *list(look, scope) {
    const parse = (text: StartText): ParsedStart => parseRules(look, text);
    for (const root of ROOTS)
      yield* placesIn(look, scope, `${root}/udev/rules.d`, { as: 'file', parse, name: /\.rules$/ });
    // BusyBox's mdev: `NAME USER:GROUP MODE [>=|!] [@$*]COMMAND`, run when a device comes, goes, or both.
    yield { path: '/etc/mdev.conf', account: null, as: 'lines', parse: parseMdev };
  },
};

function parseMdev({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => /^\s*\S+\s+\S+\s+\d+(?:\s+[=>!]\S*)?\s+[@$*]\s*(\S.*)$/.exec(line)?.[1]);
}

const STARTS =
  /\b(?:RUN(?:\{program\})?\s*\+?:?=|PROGRAM\s*={1,2}|IMPORT\{program\}\s*=)\s*e?"((?:[^"\\]|\\.)*)"/g;
/** /dev/mem and its kin: major number 1, made by the kernel at every start. */
const PSEUDO_DEVICE = /ENV\{MAJOR\}=="1"|KERNEL=="(?:null|zero|full|random|urandom|mem|kmsg)"/;
/** Built into udev: no program is started. */
const BUILT_IN = /^(kmod|hwdb|net_id|path_id|usb_id|input_id|blkid|keyboard|net_setup_link|uaccess|btrfs)\b/;

function parseRules(look: Look, { text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  for (const { rule, line } of wholeRules(text)) {
    const started = [...rule.matchAll(STARTS)]
      .map((match) => match[1] ?? '')
      .filter((one) => !BUILT_IN.test(one));
    if (started.length === 0) continue;
    for (const command of started) commands.push({ text: inFolder(look, command), line });
    const device = PSEUDO_DEVICE.exec(rule)?.[0];
    if (device !== undefined) traits.push({ code: 'pseudo-device', what: device, line });
    const shell = started.find((one) => /^(\S*\/)?(ba|da|z|k)?sh\s+-c\b/.test(one));
    if (shell !== undefined) traits.push({ code: 'through-shell', what: shell, line });
  }
  // Most rules only name devices and set their rights.
  return { commands, traits, isNothing: commands.length === 0 };
}

function wholeRules(text: string): { rule: string; line: number }[] {
  const out: { rule: string; line: number }[] = [];
  let before = '';
  let from = 0;
  text.split('\n').forEach((line, index) => {
    if (before === '') from = index + 1;
    if (line.endsWith('\\') && before.length < 16_384) before += line.slice(0, -1);
    else {
      const rule = before + line;
      before = '';
      if (rule.trim() !== '' && !rule.trimStart().startsWith('#'))
        out.push({ rule: rule.slice(0, 16_384), line: from });
    }
  });
  return out;
}

/** A bare name is looked for in udev's own folder (udev(7)). */
function inFolder(look: Look, command: string): string {
  const name = /^[^\s/]+/.exec(command)?.[0];
  if (name === undefined || /[%$]/.test(name)) return command;
  const folder = ['/usr/lib/udev', '/lib/udev'].find((one) => statHere(look, `${one}/${name}`) !== null);
  return folder === undefined ? command : `${folder}/${command}`;
}
