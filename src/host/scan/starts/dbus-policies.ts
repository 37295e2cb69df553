import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Who may call what on the system bus. */
export const dbusPolicies: StartReader = {
  mechanism: 'dbus-policy',
  *list(look, scope) {
    for (const folder of [
      '/etc/dbus-1/system.d',
      '/usr/share/dbus-1/system.d',
      '/usr/local/share/dbus-1/system.d',
    ])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parsePolicy, name: /\.conf$/ });
    yield { path: '/etc/dbus-1/system-local.conf', account: null, as: 'file', parse: parsePolicy };
  },
};

/** Everybody may own any name, or call anything: what no service’s own policy says. */
function parsePolicy({ text }: StartText): ParsedStart {
  const traits: StartTrait[] = [];
  let isForAll = false;
  let isComment = false;
  for (const { line: whole, number } of numberedLines(text)) {
    const opens = whole.lastIndexOf('<!--');
    const wasComment = isComment;
    if (opens >= 0 || isComment) isComment = whole.indexOf('-->', Math.max(opens, 0)) < 0;
    if (wasComment) continue;
    const line = whole.replace(/<!--.*?(-->|$)/g, '');
    if (/<policy\b/.test(line)) isForAll = /context\s*=\s*["'](default|mandatory)["']/.test(line);
    if (!isForAll) continue;
    if (/<allow\b[^>]*\b(own|send_destination)\s*=\s*["']\*["']\s*\/?>/.test(line))
      traits.push({ code: 'allows-all', what: line.trim().slice(0, 200), line: number });
  }
  return { commands: [], traits };
}
