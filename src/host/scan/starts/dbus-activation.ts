import { parseIni } from './ini-text.ts';
import { homesOf, type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

const ROOTS = ['/usr/share', '/usr/local/share', '/etc', '/run', '/lib'];

/** Programs that the message bus starts when their name is called. */
export const dbusServices: StartReader = {
  mechanism: 'dbus-service',
  *list(look, scope) {
    for (const root of ROOTS)
      for (const kind of ['system-services', 'services'])
        yield* placesIn(look, scope, `${root}/dbus-1/${kind}`, {
          as: 'file',
          parse: parseService,
          name: SERVICE,
        });
    for (const account of homesOf(look))
      yield* placesIn(look, scope, `${account.home}/.local/share/dbus-1/services`, {
        as: 'file',
        parse: parseService,
        name: SERVICE,
        account,
      });
  },
};

const SERVICE = /\.service$/;

function parseService({ text }: StartText): ParsedStart {
  const entries = parseIni(text).filter(({ section }) => /D-BUS Service/i.test(section));
  const commands = entries
    .filter(({ key }) => key === 'exec')
    .map(({ value, line }) => ({ text: value, line }));
  const isRoot = entries.some(({ key, value }) => key === 'user' && value === 'root');
  return { commands, traits: isRoot ? [{ code: 'runs-as-root', what: '' }] : [] };
}
