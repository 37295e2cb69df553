import { parseIni } from './ini-text.ts';
import {
  homesOf,
  type ParsedStart,
  parseProgram,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** Programs that a desktop session starts (XDG autostart), of the system and of every user. */
export const desktopAutostart: StartReader = {
  mechanism: 'desktop-autostart',
  *list(look, scope) {
    for (const folder of ['/etc/xdg/autostart', '/usr/share/autostart', '/usr/share/gnome/autostart'])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseDesktopFile, name: DESKTOP });
    for (const folder of ['/etc/X11/Xsession.d', '/etc/X11/xinit/xinitrc.d', '/etc/xdg/plasma-workspace/env'])
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseSourced });
    for (const account of homesOf(look)) {
      const settings = `${account.home}/.config`;
      yield* placesIn(look, scope, `${settings}/autostart`, {
        ...{ as: 'file', parse: parseDesktopFile },
        ...{ name: DESKTOP, account },
      });
      yield* placesIn(look, scope, `${settings}/plasma-workspace/env`, {
        ...{ as: 'file', parse: parseSourced, account },
      });
    }
  },
};

/** Read by the shell that starts the session: they need not be executable. */
const parseSourced = (text: StartText): ParsedStart => ({ ...parseProgram(text), isInert: false });

const DESKTOP = /\.desktop$/;

function parseDesktopFile({ text }: StartText): ParsedStart {
  const entries = parseIni(text).filter(({ section }) => section === 'Desktop Entry');
  const isInert = entries.some(({ key, value }) => key === 'hidden' && /^true$/i.test(value));
  const commands = entries
    .filter(({ key }) => key === 'exec')
    .map(({ value, line }) => ({ text: value.replace(/%[a-zA-Z]/g, ''), line }));
  return { commands, isInert };
}
