import type {
  ContainerMount,
  HostNamespace,
  ObservedContainer,
} from '../../../findings/observed-container.ts';
import { at, type Json, listAt, textAt, textsAt } from './json-state.ts';

type SpecPart = Pick<
  ObservedContainer,
  'command' | 'environment' | 'mounts' | 'isPrivileged' | 'hostNamespaces'
>;

/** What the OCI runtime specification's config.json says of a container (opencontainers/runtime-spec, config.md). */
export function readSpec(spec: Json): SpecPart {
  const namespaces = new Set(listAt(spec, 'linux', 'namespaces').map((one) => textAt(one, 'type')));
  const own: readonly HostNamespace[] = ['pid', 'network', 'ipc', 'user'];
  const capabilities = textsAt(spec, 'process', 'capabilities', 'bounding');
  return {
    command: textsAt(spec, 'process', 'args'),
    environment: textsAt(spec, 'process', 'env'),
    mounts: listAt(spec, 'mounts').flatMap(bindOf),
    // Privileged is no field of the specification: it is all capabilities, and nothing masked.
    isPrivileged:
      capabilities.includes('CAP_SYS_ADMIN') &&
      capabilities.includes('CAP_SYS_MODULE') &&
      textsAt(spec, 'linux', 'maskedPaths').length === 0,
    // A user namespace of its own is what only some have.
    hostNamespaces:
      at(spec, 'linux', 'namespaces') === undefined
        ? []
        : own.filter((name) => name !== 'user' && !namespaces.has(name)),
  };
}

function bindOf(mount: Json): ContainerMount[] {
  const source = textAt(mount, 'source');
  const options = textsAt(mount, 'options');
  const isBind = textAt(mount, 'type') === 'bind' || options.includes('bind') || options.includes('rbind');
  if (!isBind || !source.startsWith('/')) return [];
  return [{ source, destination: textAt(mount, 'destination'), isWritable: !options.includes('ro') }];
}
