import { coversEveryProgram } from '../../findings/every-program.ts';
import { readMounts } from '../mount-table.ts';
import type { Gathered } from './gathered.ts';
import { readKernelFile } from './kernel-file.ts';
import { type Look, listFolder, resolve } from './look.ts';
import { markSetting } from './mark-setting.ts';
import type { Ownership } from './owning.ts';

const FOLDER = '/proc/sys/fs/binfmt_misc';

/**
 * Handlers that the running kernel has (admin-guide/binfmt-misc.rst), whatever binfmt.d says: each starts its
 * interpreter for every file of a kind, until the next boot. Those with an interpreter of a package are ordinary.
 */
export async function enumerateLiveBinfmt(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  if (!isMounted(look)) return 0;
  const names = listFolder(look, 'kernel-settings', FOLDER).filter(
    (name) => name !== 'register' && name !== 'status',
  );
  for (const name of names) {
    const path = `${FOLDER}/${name}`;
    const text = readKernelFile(look, path) ?? '';
    const interpreter = /^interpreter (\/.*)$/m.exec(text)?.[1];
    if (interpreter === undefined || !text.startsWith('enabled')) continue;
    const real = resolve(look, interpreter) ?? interpreter;
    if (typeof (await ownership.owners([real])).get(real) === 'string') continue;
    const magic = /^offset 0\nmagic ([0-9a-f]+)$/m.exec(text)?.[1] ?? '';
    markSetting(look, gathered, {
      part: 'kernel-settings',
      code: 'binfmt-now',
      name: `binfmt_misc ${name}`,
      path,
      details: { value: interpreter, everyProgram: coversEveryProgram(magic) ? 'yes' : 'no' },
      advice: `echo -1 > ${path}`,
    });
  }
  return names.length;
}

/** systemd mounts it when somebody looks into the folder, which a scan is not to bring about. */
function isMounted(look: Look): boolean {
  if (look.root !== '') return true;
  try {
    return readMounts().some(({ point, fileSystem }) => point === FOLDER && fileSystem === 'binfmt_misc');
  } catch {
    return false;
  }
}
