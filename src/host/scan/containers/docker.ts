import type {
  ContainerMount,
  HostNamespace,
  ObservedContainer,
} from '../../../findings/observed-container.ts';
import { type Look, listFolder } from '../look.ts';
import { type ContainerReader, homesWith, stateOf } from './container-reader.ts';
import { at, imageId, isTrueAt, type Json, listAt, readJson, textAt, textsAt } from './json-state.ts';

/**
 * Docker keeps each container in DATA-ROOT/containers/ID: config.v2.json (what it is) and hostconfig.json (what it
 * may do), written by moby's `container.toDisk` and `HostConfig`. The data root is set in daemon.json, dockerd(8).
 */
export const docker: ContainerReader = {
  runtimes: ['docker'],
  *read(look) {
    for (const root of dataRoots(look)) {
      for (const id of listFolder(look, 'containers', `${root}/containers`)) {
        if (!/^[0-9a-f]{12,64}$/.test(id)) continue;
        const container = readContainer(look, `${root}/containers/${id}`, id);
        if (container !== null) yield container;
      }
    }
  },
};

function dataRoots(look: Look): string[] {
  const settings = readJson(look, '/etc/docker/daemon.json');
  const set = [textAt(settings, 'data-root'), textAt(settings, 'graph')].filter((path) =>
    path.startsWith('/'),
  );
  const stock = ['/var/lib/docker', '/var/snap/docker/common/var-lib-docker'];
  return [...new Set([...stock, ...set, ...homesWith(look, '.local/share/docker')])];
}

function readContainer(look: Look, folder: string, id: string): ObservedContainer | null {
  const path = `${folder}/config.v2.json`;
  const config = readJson(look, path);
  if (config === null) return null;
  const host = readJson(look, `${folder}/hostconfig.json`);
  const pid = at(config, 'State', 'Pid');
  const isRunning = at(config, 'State', 'Running');
  return {
    ...stateOf(look, path),
    container: {
      id,
      name: textAt(config, 'Name').replace(/^\//, ''),
      runtime: 'docker',
      image: textAt(config, 'Config', 'Image'),
      restartPolicy: textAt(host, 'RestartPolicy', 'Name') || 'no',
      stateFolder: folder,
      ...imageId(textAt(config, 'Image')),
    },
    isRunning: typeof isRunning === 'boolean' ? isRunning : null,
    pid: typeof pid === 'number' && pid > 0 ? pid : null,
    command: [textAt(config, 'Path'), ...textsAt(config, 'Args')].filter((word) => word !== ''),
    environment: textsAt(config, 'Config', 'Env'),
    mounts: mountsOf(config, host),
    isPrivileged: isTrueAt(host, 'Privileged'),
    hostNamespaces: NAMESPACES.flatMap(([key, name]) => (textAt(host, key) === 'host' ? [name] : [])),
  };
}

const NAMESPACES: readonly (readonly [string, HostNamespace])[] = [
  ['PidMode', 'pid'],
  ['NetworkMode', 'network'],
  ['IpcMode', 'ipc'],
  ['UsernsMode', 'user'],
];

/** What was asked for (`Binds`, `Mounts`) and what was made of it (`MountPoints`); the same one counts once. */
function mountsOf(config: Json, host: Json): ContainerMount[] {
  const mounts = new Map<string, ContainerMount>();
  const add = (source: string, destination: string, isWritable: boolean): void => {
    if (source.startsWith('/')) mounts.set(`${source}\n${destination}`, { source, destination, isWritable });
  };
  for (const bind of textsAt(host, 'Binds')) {
    const [source = '', destination = '', options = ''] = bind.split(':');
    add(source, destination, !/(^|,)ro(,|$)/.test(options));
  }
  for (const mount of listAt(host, 'Mounts'))
    if (textAt(mount, 'Type') === 'bind')
      add(textAt(mount, 'Source'), textAt(mount, 'Target'), !isTrueAt(mount, 'ReadOnly'));
  const points = at(config, 'MountPoints');
  for (const point of typeof points === 'object' && points !== null ? Object.values(points) : [])
    if (textAt(point, 'Type') === 'bind')
      add(textAt(point, 'Source'), textAt(point, 'Destination'), isTrueAt(point, 'RW'));
  return [...mounts.values()];
}
