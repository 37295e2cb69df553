import type { FileSubject, Remedy } from '../../findings/finding.ts';
import type { ObservedMark } from '../../findings/mark.ts';
import type { FileIdentity } from '../../operations/identity.ts';
import { FileIdentityError, tryIdentifyFile } from '../file-identity.ts';
import type { Gathered } from './gathered.ts';
import { type Look, ownerName, statHere } from './look.ts';

export interface MarkOf extends Pick<ObservedMark, 'part' | 'code' | 'advice' | 'package' | 'namedAt'> {
  /** As seen from inside, every symlink in its folders resolved. */
  readonly path: string;
  readonly details: ObservedMark['details'];
  /** Given if the whole file may be taken away. */
  readonly role?: FileSubject['role'];
  /** Given if an operation sets it right and the file stays. */
  readonly remedy?: (file: FileIdentity) => Remedy;
}

/** Notes something about a file; one that cannot be identified is shown all the same, only not to be acted on. */
export function markFile(look: Look, gathered: Gathered, of: MarkOf): void {
  const { path, role, remedy, ...rest } = of;
  const stats = statHere(look, path);
  if (stats === null) return;
  const file = role === undefined && remedy === undefined ? null : tryIdentifyFile(path, { root: look.root });
  // A folder has no identity to act on; it is shown all the same.
  if (file instanceof FileIdentityError && file.code !== 'missing' && file.code !== 'not-a-file')
    look.unknowns.push({ scope: of.part, what: path, reason: file.message });
  const known = file === null || file instanceof FileIdentityError ? null : file;
  gathered.marks.push({
    ...rest,
    name: path,
    place: { path },
    removable: role === undefined || known === null ? null : { file: known, role },
    ...(remedy === undefined || known === null ? {} : { remedy: remedy(known) }),
    times: { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() },
    owner: ownerName(look, Number(stats.uid)),
  });
}
