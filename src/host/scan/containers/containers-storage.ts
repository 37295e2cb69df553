import type { ObservedContainer } from '../../../findings/observed-container.ts';
import { type Look, listFolder } from '../look.ts';
import { type ContainerReader, homesWith, stateOf } from './container-reader.ts';
import { at, imageId, type Json, listAt, readJson, textAt, textsAt } from './json-state.ts';
import { readSpec } from './oci-spec.ts';

/**
 * podman and cri-o keep containers in containers/storage: STORE/DRIVER-containers/containers.json lists them, and
 * DRIVER-containers/ID/userdata/config.json is the OCI specification (containers-storage.conf(5)). How podman
 * restarts one is in its database, which is no text: not known here.
 */
export const containersStorage: ContainerReader = {
  runtimes: ['podman', 'cri-o'],
  *read(look) {
    for (const store of [
      '/var/lib/containers/storage',
      ...homesWith(look, '.local/share/containers/storage'),
    ]) {
      for (const driver of listFolder(look, 'containers', store)) {
        if (!/^[a-z0-9]+-containers$/.test(driver)) continue;
        const listed = readJson(look, `${store}/${driver}/containers.json`);
        for (const one of listAt(listed)) {
          const container = readContainer(look, `${store}/${driver}`, one);
          if (container !== null) yield container;
        }
      }
    }
  },
};

function readContainer(look: Look, folder: string, listed: Json): ObservedContainer | null {
  const id = textAt(listed, 'id');
  if (!/^[0-9a-f]{12,64}$/.test(id)) return null;
  const stateFolder = `${folder}/${id}`;
  const path = `${stateFolder}/userdata/config.json`;
  const spec = readJson(look, path);
  const metadata = parsed(textAt(listed, 'metadata'));
  const annotations = at(spec, 'annotations');
  const isCrio = textAt(annotations, 'io.kubernetes.cri-o.ContainerType') !== '';
  return {
    ...stateOf(look, spec === null ? `${folder}/containers.json` : path),
    container: {
      id,
      name: textsAt(listed, 'names')[0] ?? textAt(metadata, 'name'),
      runtime: isCrio ? 'cri-o' : 'podman',
      image: textAt(metadata, 'image-name') || textAt(annotations, 'io.kubernetes.cri-o.ImageName'),
      restartPolicy: null,
      stateFolder,
      ...imageId(textAt(listed, 'image')),
    },
    isRunning: null,
    pid: null,
    ...readSpec(spec),
    ...(textAt(annotations, 'io.podman.annotations.privileged') === 'TRUE' ? { isPrivileged: true } : {}),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
