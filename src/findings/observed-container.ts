import type { ObservedContainerIdentity } from './finding.ts';

/** A container as its runtime's state on disk tells of it. Everything in it is hostile text. */
export interface ObservedContainer {
  readonly container: ObservedContainerIdentity;
  /** The file that it was read from. */
  readonly place: { readonly path: string };
  readonly times: { readonly mtimeNs: string; readonly ctimeNs: string };
  readonly owner: string;
  /** null: its state does not say. */
  readonly isRunning: boolean | null;
  /** Its first process as the host numbers it; null if it does not run, or that is not said. */
  readonly pid: number | null;
  readonly command: readonly string[];
  /** `NAME=VALUE`. May hold secrets: judged, never carried into a finding. */
  readonly environment: readonly string[];
  readonly mounts: readonly ContainerMount[];
  readonly isPrivileged: boolean;
  /** Namespaces of the host that it lives in. */
  readonly hostNamespaces: readonly HostNamespace[];
}

export interface ContainerMount {
  /** Path on the host. */
  readonly source: string;
  readonly destination: string;
  readonly isWritable: boolean;
}

export type HostNamespace = 'pid' | 'network' | 'ipc' | 'user';
