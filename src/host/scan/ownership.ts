import type { Look } from './look.ts';
import { apkOwnership } from './ownership-apk.ts';
import { dpkgOwnership } from './ownership-dpkg.ts';
import { rpmOwnership } from './ownership-rpm.ts';
import type { Ownership } from './owning.ts';

/** By the package manager of the host. */
export function ownershipOf(look: Look): Ownership {
  switch (look.facts.packageManager) {
    case 'apt':
      return dpkgOwnership(look);
    case 'apk':
      return apkOwnership(look);
    case 'dnf':
    case 'zypper':
      return rpmOwnership(look);
    default:
      return NOBODY_TO_ASK;
  }
}

const NOBODY_TO_ASK: Ownership = {
  owners: async (paths) => new Map(paths.map((path) => [path, undefined])),
  integrity: async () => 'not-listed',
  digestOf: async () => null,
};
