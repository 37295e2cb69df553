import type { ContainerMount, ObservedContainer } from '../../../findings/observed-container.ts';
import { type Look, listFolder, readLines } from '../look.ts';
import { type ContainerReader, homesWith, stateOf } from './container-reader.ts';

/** lxc.container.conf(5), one folder a container: `lxc.mount.entry`, `lxc.start.auto`, `lxc.apparmor.profile`. */
export const lxc: ContainerReader = {
  runtimes: ['lxc'],
  *read(look) {
    for (const root of ['/var/lib/lxc', ...homesWith(look, '.local/share/lxc')]) {
      for (const name of listFolder(look, 'containers', root)) {
        const container = readContainer(look, `${root}/${name}`, name);
        if (container !== null) yield container;
      }
    }
  },
};

function readContainer(look: Look, folder: string, name: string): ObservedContainer | null {
  const path = `${folder}/config`;
  const lines = readLines(look, 'containers', path);
  if (lines === null) return null;
  const settings = lines.flatMap((line): [string, string][] => {
    const match = /^\s*(lxc\.[\w.]+)\s*=\s*(.*?)\s*$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
  });
  const all = (key: string): string[] => settings.flatMap(([name, value]) => (name === key ? [value] : []));
  const last = (key: string): string => all(key).at(-1) ?? '';
  const isConfined = !/^unconfined$/.test(last('lxc.apparmor.profile'));
  return {
    ...stateOf(look, path),
    container: {
      id: name,
      name,
      runtime: 'lxc',
      image: '',
      restartPolicy: last('lxc.start.auto') === '1' ? 'always' : 'no',
      stateFolder: folder,
    },
    isRunning: null,
    pid: null,
    command: [last('lxc.init.cmd') || last('lxc.execute.cmd')].filter((command) => command !== ''),
    environment: all('lxc.environment'),
    mounts: all('lxc.mount.entry').flatMap(mountOf),
    // Root within is root outside, and no profile holds it.
    isPrivileged: all('lxc.idmap').length === 0 && !isConfined,
    hostNamespaces: all('lxc.namespace.keep').flatMap((kept) =>
      [...kept.matchAll(/\b(pid|net|ipc|user)\b/g)].map(([name]) => (name === 'net' ? 'network' : name)),
    ) as ObservedContainer['hostNamespaces'],
  };
}

/** As in fstab(5): `SOURCE TARGET TYPE OPTIONS`. */
function mountOf(entry: string): ContainerMount[] {
  const [source = '', target = '', , options = ''] = entry.split(/\s+/);
  if (!source.startsWith('/') || !/\br?bind\b/.test(options)) return [];
  return [{ source, destination: `/${target}`, isWritable: !/(^|,)ro(,|$)/.test(options) }];
}
