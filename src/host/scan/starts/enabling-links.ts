import type { MechanismName } from '../../../findings/mechanisms.ts';
import type { ObservedStart } from '../../../findings/observed-start.ts';
import { FileIdentityError, tryIdentifyFile } from '../../file-identity.ts';
import { type Look, ownerName, statHere } from '../look.ts';

/** A link of a runlevel, by which the script that it leads to is started. */
export interface EnablingLink {
  readonly path: string;
  readonly real: string;
}

/**
 * The link as an entry of its own, which starts what it leads to: with the script gone it would stay behind, and start
 * whatever is put in its place. It says nothing by itself, so it is judged by the script alone. null if it is none.
 */
export function linkStart(
  look: Look,
  mechanism: MechanismName,
  { path, real }: EnablingLink,
): ObservedStart | null {
  const stats = statHere(look, path);
  if (!stats?.isSymbolicLink()) return null;
  const file = tryIdentifyFile(path, { root: look.root });
  if (file instanceof FileIdentityError) return null;
  return {
    file,
    ...{ ctimeNs: stats.ctimeNs.toString(), owner: ownerName(look, Number(stats.uid)) },
    // Links of runlevels are made by the administrator's tools: that no package has them says nothing.
    ...{ package: undefined, isUnchangedFromPackage: false },
    ...{ mechanism, line: null, repeat: 0, wholeFile: null, traits: [], home: null, account: null },
    commands: [{ text: quoted(real), line: 1 }],
    ...{ isScript: false, isInert: false, isLinked: false },
  };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
