import { parseIni } from './ini-text.ts';
import { homesOf, type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Programs that a desktop session starts (XDG autostart), of the system and of every user. */
export const desktopAutostart: StartReader = {
  mechanism: 'desktop-autostart',
  *list(look, scope) {
    for (const folder of ['/etc/xdg/autostart', '/usr/share/autostart', '/usr/share/gnome/autostart'])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseDesktopFile, name: DESKTOP });
    for (const account of homesOf(look))
      yield* placesIn(look, scope, `${account.home}/.config/autostart`, {
        as: 'file',
        parse: parseDesktopFile,
        name: DESKTOP,
        account,
      });
  },
};

const DESKTOP = /\.desktop$/;

function parseDesktopFile({ text }: StartText): ParsedStart {
  const entries = parseIni(text).filter(({ section }) => section === 'Desktop Entry');
  const isInert = entries.some(({ key, value }) => key === 'hidden' && /^true$/i.test(value));
  const commands = entries
    .filter(({ key }) => key === 'exec')
    .map(({ value, line }) => ({ text: value.replace(/%[a-zA-Z]/g, ''), line }));
  return { commands, isInert };
}
