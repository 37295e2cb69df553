import type { StartTrait } from '../../../findings/start-traits.ts';
import { type Look, listFolder, statHere } from '../look.ts';
import { ROOTKIT_MODULES } from './module-lists.ts';
import { baseOf, type StartReader } from './start-reader.ts';

const MODULE = /\.ko(\.(xz|zst|gz))?$/;
const MOST_FOLDERS = 5000;
const MOST_KERNELS = 3;

/** Modules in the running kernel's tree that no package brought. */
export const kernelModules: StartReader = {
  mechanism: 'kernel-module',
  *list(look, scope) {
    for (const release of releasesOf(look)) {
      const folders = [`/lib/modules/${release}`];
      for (let at = 0; at < folders.length && at < MOST_FOLDERS; at += 1) {
        const folder = folders[at] ?? '';
        for (const name of listFolder(look, scope, folder)) {
          const path = `${folder}/${name}`;
          if (MODULE.test(name)) {
            const traits = traitsOf(look, release, path);
            yield {
              path,
              account: null,
              as: 'file',
              isUnownedOnly: true,
              parse: () => ({ commands: [], traits }),
            };
          } else if (!name.includes('.') && name !== 'build' && name !== 'source') {
            if (statHere(look, path)?.isDirectory()) folders.push(path);
          }
        }
      }
      if (folders.length > MOST_FOLDERS)
        look.unknowns.push({
          scope,
          what: `/lib/modules/${release}`,
          reason: 'it holds too many folders to look at all',
        });
    }
  },
};

/** The running kernel's; of a tree that is not running, the newest few. */
function releasesOf(look: Look): string[] {
  const { kernel } = look.facts;
  if (statHere(look, `/lib/modules/${kernel}`) !== null) return [kernel];
  return look.root === '' ? [] : listFolder(look, 'boot', '/lib/modules').slice(-MOST_KERNELS);
}

function traitsOf(look: Look, release: string, path: string): StartTrait[] {
  const name = baseOf(path).replace(MODULE, '').replaceAll('-', '_');
  return [
    ...(ROOTKIT_MODULES.has(name) ? [{ code: 'rootkit-module', what: name } as const] : []),
    ...(isBuiltByDkms(look, release, path) ? [{ code: 'built-here', what: 'DKMS' } as const] : []),
  ];
}

/** DKMS keeps what it built as /var/lib/dkms/NAME/VERSION/KERNEL/ARCHITECTURE/module/FILE (dkms(8)). */
function isBuiltByDkms(look: Look, release: string, path: string): boolean {
  const root = '/var/lib/dkms';
  if (!/\/(updates|extra|dkms)\//.test(path) || statHere(look, root) === null) return false;
  return listFolder(look, 'boot', root).some((name) =>
    listFolder(look, 'boot', `${root}/${name}`).some((version) => {
      const built = `${root}/${name}/${version}/${release}`;
      const isThere = (kind: string): boolean =>
        statHere(look, `${built}/${kind}/module/${baseOf(path)}`)?.isFile() ?? false;
      return listFolder(look, 'boot', built).some(isThere);
    }),
  );
}
