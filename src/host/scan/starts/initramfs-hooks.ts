import { listFolder, statHere } from '../look.ts';
import { parseProgram, placesIn, type StartReader } from './start-reader.ts';

const FOLDERS = [
  '/etc/initramfs-tools',
  '/usr/share/initramfs-tools',
  '/etc/initcpio',
  '/usr/lib/initcpio',
  '/usr/lib/dracut/modules.d',
  '/etc/kernel',
];

/** What is put into the first stage of the start, and what runs there (initramfs-tools, dracut, mkinitcpio, kernel-install). */
export const initramfsHooks: StartReader = {
  mechanism: 'initramfs-hook',
  *list(look, scope) {
    for (const root of FOLDERS) {
      const folders = listFolder(look, scope, root).map((name) => `${root}/${name}`);
      for (const folder of folders) {
        if (!/\/(hooks|install|scripts|modules\.d|\d\d[\w-]+|\w+\.d)(\/|$)/.test(folder.slice(root.length)))
          continue;
        for (const name of listFolder(look, scope, folder)) {
          const path = `${folder}/${name}`;
          if (statHere(look, path)?.isDirectory())
            yield* placesIn(look, scope, path, { as: 'file', parse: parseProgram, name: NOT_LISTS });
          else if (NOT_LISTS.test(name)) yield { path, account: null, as: 'file', parse: parseProgram };
        }
      }
    }
  },
};

/** update-initramfs writes ORDER files itself. */
const NOT_LISTS = /^(?!ORDER$|README)/;
