import type { PackageSubject } from '../../findings/finding.ts';
import type { ObservedMark } from '../../findings/mark.ts';
import type {
  ObservedConnection,
  ObservedCronScript,
  ObservedDisagreement,
  ObservedHostKey,
  ObservedLine,
  ObservedProcess,
  ObservedUnit,
} from '../../findings/observation.ts';
import type { ObservedAccount } from '../../findings/observed-account.ts';
import type { ObservedContainer } from '../../findings/observed-container.ts';
import type { ObservedStart } from '../../findings/observed-start.ts';
import type { ObservedSecret } from '../../findings/secret-kinds.ts';
import type { Look } from './look.ts';
import type { Ownership } from './owning.ts';
import type { Socket } from './proc-net.ts';

/** What the enumerators have put together so far. */
export interface Gathered {
  processes: ObservedProcess[];
  connections: ObservedConnection[];
  lines: ObservedLine[];
  cronScripts: ObservedCronScript[];
  units: ObservedUnit[];
  starts: ObservedStart[];
  packagedUnits: Set<string>;
  containers: ObservedContainer[];
  accounts: ObservedAccount[];
  hostKeys: ObservedHostKey[];
  packages: PackageSubject[];
  disagreements: ObservedDisagreement[];
  lyingAbout: string[];
  marks: ObservedMark[];
  secrets: ObservedSecret[];
  /** Every socket, for the second opinion. */
  sockets: (Socket & { readonly protocol: 'tcp' | 'udp' })[];
  hostsNames: Map<string, string>;
}

export function gatherNothing(): Gathered {
  return {
    processes: [],
    connections: [],
    lines: [],
    cronScripts: [],
    units: [],
    starts: [],
    packagedUnits: new Set(),
    containers: [],
    accounts: [],
    hostKeys: [],
    packages: [],
    disagreements: [],
    lyingAbout: [],
    marks: [],
    secrets: [],
    sockets: [],
    hostsNames: new Map(),
  };
}

/** Looks at one part of the host. Returns how many things it looked at. */
export type Enumerator = (look: Look, gathered: Gathered, ownership: Ownership) => number | Promise<number>;
