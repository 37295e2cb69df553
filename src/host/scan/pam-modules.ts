import type { Gathered } from './gathered.ts';
import { type Look, listFolder, resolve, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';
import { packageRemedy } from './package-remedy.ts';

const LIBRARY_FOLDERS = ['/usr/lib', '/usr/lib64', '/usr/lib32', '/usr/local/lib', '/lib', '/lib64'];

/** The modules that see every password: whether each is a package's, and as it came. */
export async function enumeratePamModules(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const modules = new Set<string>();
  for (const folder of LIBRARY_FOLDERS) {
    const inner = listFolder(look, 'pam', folder).filter((name) => /-linux-(gnu|musl)\w*$/.test(name));
    for (const place of [`${folder}/security`, ...inner.map((name) => `${folder}/${name}/security`)]) {
      for (const name of listFolder(look, 'pam', place)) {
        const real = name.endsWith('.so') ? resolve(look, `${place}/${name}`) : null;
        if (real !== null && statHere(look, real)?.isFile()) modules.add(real);
      }
    }
  }
  const owners = await ownership.owners([...modules]);
  for (const path of modules) {
    const owner = owners.get(path);
    if (owner === undefined) continue;
    const isChanged = owner !== null && (await ownership.integrity(path, owner)) === 'changed';
    if (owner !== null && !isChanged) continue;
    markFile(look, gathered, {
      part: 'pam',
      code: isChanged ? 'pam-module-changed' : 'pam-module-unowned',
      path,
      package: owner,
      // Taken away while a rule names it, nobody could log in any more.
      advice: isChanged
        ? `with a root shell kept open: keep it as evidence, then install the package ${owner} again`
        : 'with a root shell kept open: take the rules away that name it, then the module',
      details: {},
      ...(isChanged && owner !== null ? packageRemedy(look, owner, 'leave') : {}),
    });
  }
  return modules.size;
}
