import type { FileSubject } from '../../findings/finding.ts';
import type { ObservedMark } from '../../findings/mark.ts';
import { FileIdentityError, tryIdentifyFile } from '../file-identity.ts';
import type { Gathered } from './gathered.ts';
import { type Look, ownerName, statHere } from './look.ts';

export interface MarkOf extends Pick<ObservedMark, 'part' | 'code' | 'advice' | 'package'> {
  /** As seen from inside, every symlink in its folders resolved. */
  readonly path: string;
  readonly details: ObservedMark['details'];
  /** Given if the whole file may be taken away. */
  readonly role?: FileSubject['role'];
}

/** Notes something about a file; one that cannot be identified is shown all the same, only not to be acted on. */
export function markFile(look: Look, gathered: Gathered, of: MarkOf): void {
  const { path, role, ...rest } = of;
  const stats = statHere(look, path);
  if (stats === null) return;
  const file = role === undefined ? null : tryIdentifyFile(path, { root: look.root });
  if (file instanceof FileIdentityError && file.code !== 'missing')
    look.unknowns.push({ scope: of.part, what: path, reason: file.message });
  gathered.marks.push({
    ...rest,
    name: path,
    place: { path },
    removable:
      role === undefined || file === null || file instanceof FileIdentityError ? null : { file, role },
    times: { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() },
    owner: ownerName(look, Number(stats.uid)),
  });
}
