import type { ObservedContainer } from '../../../findings/observed-container.ts';
import { type Look, listFolder, readLines } from '../look.ts';
import { type ContainerReader, stateOf } from './container-reader.ts';
import { at, readJson, textAt } from './json-state.ts';
import { readSpec } from './oci-spec.ts';

const STATES = [
  '/run/containerd/io.containerd.runtime.v2.task',
  '/run/k3s/containerd/io.containerd.runtime.v2.task',
  // Kinsing and TeamTNT bring a containerd of their own, so as not to be seen by docker.
  '/var/run/containerd/io.containerd.runtime.v2.task',
];

/**
 * What containerd runs: STATE/NAMESPACE/ID/config.json, the OCI specification, with its labels as annotations. Those
 * of docker (namespace `moby`) are read from docker’s own state. What is stopped is only in its database.
 */
export const containerd: ContainerReader = {
  runtimes: ['containerd', 'nerdctl'],
  *read(look) {
    const done = new Set<string>();
    for (const state of STATES) {
      for (const namespace of listFolder(look, 'containers', state)) {
        if (namespace === 'moby') continue;
        for (const id of listFolder(look, 'containers', `${state}/${namespace}`)) {
          const container = readContainer(look, `${state}/${namespace}/${id}`, id);
          if (container === null || done.has(id)) continue;
          done.add(id);
          yield container;
        }
      }
    }
  },
};

function readContainer(look: Look, stateFolder: string, id: string): ObservedContainer | null {
  const path = `${stateFolder}/config.json`;
  const spec = readJson(look, path);
  if (spec === null) return null;
  const annotations = at(spec, 'annotations');
  const pid = Number(readLines(look, 'containers', `${stateFolder}/init.pid`)?.[0] ?? 0);
  return {
    ...stateOf(look, path),
    container: {
      id,
      name: textAt(annotations, 'nerdctl/name') || textAt(annotations, 'io.kubernetes.cri.container-name'),
      runtime: textAt(annotations, 'nerdctl/name') === '' ? 'containerd' : 'nerdctl',
      image: textAt(annotations, 'io.kubernetes.cri.image-name') || textAt(annotations, 'nerdctl/image-name'),
      restartPolicy: null,
      stateFolder,
    },
    isRunning: pid > 0 ? true : null,
    pid: pid > 0 ? pid : null,
    ...readSpec(spec),
  };
}
