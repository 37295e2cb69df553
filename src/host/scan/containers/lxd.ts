import type { ContainerMount, ObservedContainer } from '../../../findings/observed-container.ts';
import { type Look, listFolder, readLines } from '../look.ts';
import { type ContainerReader, stateOf } from './container-reader.ts';

/** As which the text is read; nothing is started here. */
const SHELL: readonly string[] = 'sh -c'.split(' ');

const ROOTS = ['/var/lib/lxd', '/var/snap/lxd/common/lxd', '/var/lib/incus'];

/**
 * Containers of LXD and Incus: backup.yaml beside each, which they write whenever its settings change (LXD
 * documentation, “How to recover instances”). Their database is not read; a storage pool that is not mounted is not seen.
 */
export const lxd: ContainerReader = {
  runtimes: ['lxc'],
  *read(look) {
    for (const root of ROOTS) {
      for (const pool of listFolder(look, 'containers', `${root}/storage-pools`)) {
        const folder = `${root}/storage-pools/${pool}/containers`;
        for (const name of listFolder(look, 'containers', folder)) {
          const container = readContainer(look, `${folder}/${name}`, name);
          if (container !== null) yield container;
        }
      }
    }
  },
};

function readContainer(look: Look, folder: string, name: string): ObservedContainer | null {
  const path = `${folder}/backup.yaml`;
  const lines = readLines(look, 'containers', path);
  if (lines === null) return null;
  const settings = readBlock(lines);
  const config = (key: string): string =>
    settings.get(`expanded_config.${key}`) ?? settings.get(`config.${key}`) ?? '';
  const userData = config('cloud-init.user-data') || config('user.user-data');
  const raw = config('raw.lxc');
  return {
    ...stateOf(look, path),
    container: {
      id: name,
      name,
      runtime: 'lxc',
      image: config('image.description'),
      restartPolicy: config('boot.autostart') === 'true' ? 'always' : 'no',
      stateFolder: folder,
    },
    isRunning: settings.has('status') ? settings.get('status') === 'Running' : null,
    pid: null,
    // What it does when it is first started, if anything is known of that.
    command: userData === '' ? [] : [...SHELL, userData],
    environment: [...settings].flatMap(([key, value]) => {
      const variable = /^(?:expanded_)?config\.environment\.(\w+)$/.exec(key)?.[1];
      return variable === undefined ? [] : [`${variable}=${value}`];
    }),
    mounts: mountsOf(settings),
    isPrivileged: config('security.privileged') === 'true' || /apparmor\.profile\s*=\s*unconfined/.test(raw),
    hostNamespaces: [],
  };
}

/** Disks with a folder of the host as their source. */
function mountsOf(settings: ReadonlyMap<string, string>): ContainerMount[] {
  return [...settings].flatMap(([key, source]) => {
    const device = /^(?:expanded_)?devices\.(.+)\.source$/.exec(key)?.[1];
    if (device === undefined || !source.startsWith('/')) return [];
    const of = (name: string): string | undefined =>
      settings.get(key.replace(/source$/, name)) ?? settings.get(`devices.${device}.${name}`);
    return [{ source, destination: of('path') ?? '', isWritable: of('readonly') !== 'true' }];
  });
}

/**
 * Settings below `container:` or `instance:` by the names that lead to them, `devices.host.source`. The file is written by
 * a program and has no more of YAML than nested names, plain and quoted values, and texts behind `|`.
 */
function readBlock(lines: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>();
  const names: { readonly indent: number; readonly name: string }[] = [];
  let text: { readonly key: string; readonly indent: number } | null = null;
  for (const line of lines.slice(0, 5000)) {
    const indent = line.length - line.trimStart().length;
    if (text !== null && (indent > text.indent || line.trim() === '')) {
      settings.set(text.key, `${settings.get(text.key) ?? ''}${line.trim()}\n`);
      continue;
    }
    text = null;
    const [, name = '', value = ''] = /^\s*"?([\w./-]+)"?:(?:\s+(.*))?$/.exec(line) ?? [];
    if (name === '') continue;
    while ((names.at(-1)?.indent ?? -1) >= indent) names.pop();
    const isOurs = /^(container|instance)$/.test(names[0]?.name ?? '');
    names.push({ indent, name });
    const key = names
      .slice(1)
      .map((one) => one.name)
      .join('.');
    if (!isOurs || value === '') continue;
    if (/^[|>]/.test(value)) text = { key, indent };
    else settings.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return settings;
}
