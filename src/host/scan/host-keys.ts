import { FileIdentityError, tryIdentifyFile } from '../file-identity.ts';
import { fingerprintOf } from './authorized-key.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, ownerName, readLines, statHere } from './look.ts';

const FOLDER = '/etc/ssh';

/** This host's own SSH keys. Of the private file only its hash is taken; the fingerprint is from the `.pub` beside it. */
export function enumerateHostKeys(look: Look, gathered: Gathered): number {
  const names = listFolder(look, 'host-keys', FOLDER).filter((name) => /^ssh_host_\w+_key$/.test(name));
  for (const name of names) {
    const path = `${FOLDER}/${name}`;
    const stats = statHere(look, path);
    const file = tryIdentifyFile(path, { root: look.root });
    if (file instanceof FileIdentityError || stats === null) {
      look.unknowns.push({
        scope: 'host-keys',
        what: path,
        reason: file instanceof FileIdentityError ? file.message : 'it vanished',
      });
      continue;
    }
    const [type = '', blob = ''] = (readLines(look, 'host-keys', `${path}.pub`)?.[0] ?? '').split(/\s+/);
    const fingerprint = fingerprintOf(blob);
    if (fingerprint === null) {
      look.unknowns.push({
        scope: 'host-keys',
        what: `${path}.pub`,
        reason: 'it is missing or no public key, so the fingerprint is not known',
      });
    }
    gathered.hostKeys.push({
      file,
      owner: ownerName(look, Number(stats.uid)),
      ctimeNs: stats.ctimeNs.toString(),
      type,
      fingerprint: fingerprint ?? 'unknown',
    });
  }
  return names.length;
}
