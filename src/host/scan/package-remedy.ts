import type { ReinstallPackage } from '../../operations/operation.ts';
import type { Look } from './look.ts';
import type { MarkOf } from './mark-file.ts';

/** That the package's own file is put back, where this host has a manager that can be asked. */
export function packageRemedy(
  look: Look,
  owner: string,
  otherwise: ReinstallPackage['otherwise'],
): Pick<MarkOf, 'remedy'> {
  const manager = look.facts.packageManager;
  // Of zypper's, single files are not taken out of their package yet: its cache is one for each repository.
  if (manager === 'none' || manager === 'zypper') return {};
  return {
    remedy: (file) => ({ kind: 'reinstall-package', manager, package: owner, files: [file], otherwise }),
  };
}
