import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type ParsedStart, placesIn, ROOTS, type StartReader, type StartText } from './start-reader.ts';

const RULE = { as: 'drop-in', parse: parseRules, name: /\.conf$/ } as const;

/**
 * What systemd-tmpfiles makes at every start, and once a day: tmpfiles.d(5), `type path mode user group age argument`. A
 * rule brings back a cron file that was taken away, or set-id bits, without any program of its own.
 */
export const tmpfilesRules: StartReader = {
  mechanism: 'tmpfiles-rule',
  *list(look, scope) {
    for (const root of ROOTS) yield* placesIn(look, scope, `${root}/tmpfiles.d`, RULE);
    for (const root of ['/etc', '/usr/share', '/usr/local/share'])
      yield* placesIn(look, scope, `${root}/user-tmpfiles.d`, RULE);
  },
};

/** Made with it, something is run or let in. */
const STARTS =
  /^\/(etc\/(cron(tab|\.)|systemd\/(system|user)\/|ld\.so\.preload|profile|sudoers|rc\.local|init\.d\/|udev\/rules|passwd|shadow|pam\.d\/)|var\/spool\/cron\/|root\/\.(ssh|bash|profile)|home\/[^/]+\/\.(ssh|bash|profile)|lib\/systemd\/system\/|usr\/lib\/systemd\/system\/)/;

const CRON = /^\/(etc\/cron(tab$|\.d\/)|var\/spool\/cron\/)/;
/** crontab(5): when, and in those of the system as whom. */
const SCHEDULE = /^\s*(?:@\w+\s+|(?:[\d*,/a-z-]+\s+){5})(?:root\s+)?/i;

function parseRules({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  for (const { line: whole, number: line } of numberedLines(text)) {
    const words = [...whole.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g)];
    const [type = '', path = '', mode = ''] = words.map(([word]) => word.replace(/^(["'])(.*)\1$/, '$2'));
    if (type === '' || type.startsWith('#')) continue;
    const letter = type[0] ?? '';
    // The argument is the rest of the line, blanks and all.
    const argument = words[6] === undefined ? '' : whole.slice(words[6].index).trim();
    const isWritten = /[fFw]/.test(letter) && argument !== '' && argument !== '-';
    const text = argument.replaceAll('\\n', '\n');
    if (isWritten) commands.push({ text: CRON.test(path) ? text.replace(SCHEDULE, '') : text, line });
    // Where a file is copied from, or a link leads to, is what comes to run there.
    if (/[CL]/.test(letter) && argument.startsWith('/')) commands.push({ text: argument, line });
    if ((isWritten || /[CL]/.test(letter)) && STARTS.test(path))
      traits.push({ code: 'writes-start', what: path, line });
    if (/[fFCzZm]/.test(letter) && /^[~:]*0?[4567]\d{3}$/.test(mode) && !/^[~:]*0?[0123]?\d{3}$/.test(mode))
      traits.push({ code: 'sets-set-id', what: `${path} (${mode})`, line });
  }
  return { commands, traits, isNothing: commands.length + traits.length === 0 };
}
