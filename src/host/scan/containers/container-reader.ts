import type { ObservedContainer } from '../../../findings/observed-container.ts';
import { type Look, ownerName, statHere } from '../look.ts';

/** Reads the containers of one runtime from its state on disk. One file of this folder each. */
export interface ContainerReader {
  readonly runtimes: readonly ObservedContainer['container']['runtime'][];
  readonly read: (look: Look) => Iterable<ObservedContainer>;
}

/** When and whose: of the file that the container's state was read from. */
export function stateOf(look: Look, path: string): Pick<ObservedContainer, 'place' | 'times' | 'owner'> {
  const stats = statHere(look, path);
  return {
    place: { path },
    times: { mtimeNs: String(stats?.mtimeNs ?? 0n), ctimeNs: String(stats?.ctimeNs ?? 0n) },
    owner: stats === null ? '' : ownerName(look, Number(stats.uid)),
  };
}

/** Homes of people, where runtimes without root keep theirs. */
export function homesWith(look: Look, inner: string): string[] {
  const homes = new Set(look.accounts.map(({ home }) => home).filter((home) => /^\/.+/.test(home)));
  return [...homes].map((home) => `${home}/${inner}`).filter((path) => statHere(look, path) !== null);
}
