import { readArguments } from './command-reading.ts';
import { finish, type IdMaker } from './draft.ts';
import type { Finding } from './finding.ts';
import { byWhom, type Indicators } from './indicators.ts';
import { commandSignals, STRATUM_URL } from './judge-command.ts';
import type { KnownBad } from './known-bad.ts';
import type { ObservedProcess } from './observation.ts';
import type { ContainerMount, ObservedContainer } from './observed-container.ts';
import type { Signal } from './weigh.ts';

export interface ContainerView {
  readonly known: KnownBad;
  readonly processes: readonly ObservedProcess[];
  readonly indicators: Indicators;
  readonly id: IdMaker;
}

/** null: nothing about it is worth a word. */
export function judgeContainer(seen: ObservedContainer, view: ContainerView): Finding | null {
  const signals = containerSignals(seen, view);
  if (!signals.some(({ weight }) => weight >= 10)) return null;
  const { container } = seen;
  const isProxy = signals.some(({ code }) => code === 'proxy-image');
  const leaves = signals.some(({ topic }) => topic === 'host' || topic === 'leaves');
  return finish({
    id: view.id('container', `${container.runtime} ${container.id}`),
    subject: { kind: 'container', container, isRunning: seen.isRunning, command: seen.command },
    title: `${container.name || container.id.slice(0, 12)} (${container.runtime}, ${container.image || 'image not known'})`,
    signals,
    places: [seen.place],
    attack: ['T1610', ...(isProxy ? ['T1496.002'] : []), ...(leaves ? ['T1611'] : [])],
    times: seen.times,
    owner: seen.owner,
  });
}

function containerSignals(seen: ObservedContainer, view: ContainerView): Signal[] {
  const reading = readArguments(seen.command, { home: null, workingFolder: null });
  return [
    ...imageSignals(seen.container.image, view.indicators),
    ...commandSignals(reading, view.indicators),
    ...environmentSignals(seen.environment, view.indicators),
    ...reachSignals(seen),
    ...processSignals(seen, view),
    ...(seen.container.restartPolicy === 'always' ? [one('restart', 'restarts-always', 5, RESTARTS)] : []),
  ];
}

const RESTARTS = 'It is started again whenever it ends, and when the host starts';

function imageSignals(image: string, indicators: Indicators): Signal[] {
  const plain = image.replace(/^(?:docker\.io|quay\.io|ghcr\.io|registry-1\.docker\.io)\//, '');
  const known = indicators.images.find(({ pattern }) => pattern.test(plain));
  if (known === undefined) return [];
  if (/proxyware/.test(known.who ?? ''))
    return [
      one(
        'image',
        'proxy-image',
        50,
        `“${image}” sells the network line of the host to others${byWhom(known)}`,
      ),
    ];
  return [one('image', 'miner-image', 60, `“${image}” is an image that mines${byWhom(known)}`)];
}

/** Many mining images take pool and wallet from the environment. The values are not repeated: they may be secret. */
function environmentSignals(environment: readonly string[], indicators: Indicators): Signal[] {
  const text = environment.join('\n');
  if (STRATUM_URL.test(text))
    return [one('stratum', 'stratum-url', 90, 'Its environment names a mining pool’s protocol')];
  const pool = indicators.pool.exec(text)?.[1];
  return [
    ...(pool === undefined
      ? []
      : [one('pool-name', 'pool-name', 50, `Its environment names the mining pool ${pool}`)]),
    ...(indicators.wallet.test(text)
      ? [one('wallet', 'wallet', 60, 'Its environment holds a Monero wallet')]
      : []),
  ];
}

/** What it can do to the host. Monitoring mounts much of it to read, which is ordinary. */
function reachSignals(seen: ObservedContainer): Signal[] {
  const signals = seen.mounts.flatMap(mountSignals);
  if (seen.isPrivileged)
    signals.push(one('privileged', 'privileged', 25, 'It is privileged: nothing keeps it from the host'));
  if (seen.hostNamespaces.includes('pid'))
    signals.push(one('namespaces', 'host-processes', 10, 'It sees the processes of the host'));
  const rootAt = seen.mounts.find(({ source }) => source === '/')?.destination;
  const text = seen.command.join(' ');
  const root = /(?:^|[\s;&|/])chroot\s+(\S+)/.exec(text)?.[1];
  const leaves =
    (root !== undefined && rootAt !== undefined && root.startsWith(rootAt)) ||
    /\bnsenter\b[^;&|]*(?:-t|--target)[= ]?1\b/.test(text);
  if (leaves)
    signals.push(
      one('leaves', 'leaves-container', 60, 'It leaves the container and runs on the host as root'),
    );
  return signals;
}

/** Folders through which root’s next start-up, log-in or scheduled command can be written. */
const STARTS_FROM =
  /^\/(?:etc|root|boot|proc|usr|lib|bin|sbin|var\/spool\/cron)(?:\/(?:cron[^/]*|\.ssh|systemd|ssh|profile\.d|bin|sbin|lib)?\/?)?$|^\/home(?:\/[^/]+(?:\/\.ssh)?)?\/?$/;
const RUNTIME_SOCKET = /\/(?:docker|containerd|podman|crio)\.sock$/;

function mountSignals({ source, destination, isWritable }: ContainerMount): Signal[] {
  if (source === '/') {
    const text = `The host’s whole file system is mounted in it at ${destination}`;
    return [
      one('host', 'host-root', isWritable ? 45 : 10, `${text}, ${isWritable ? 'writable' : 'to be read'}`),
    ];
  }
  if (RUNTIME_SOCKET.test(source))
    return [one('host', 'runtime-socket', 25, `It can command the runtime through ${source}: that is root`)];
  if (isWritable && STARTS_FROM.test(source) && source === source.replace(/\/$/, '') && !isOneFile(source))
    return [one('host', 'host-folder', 30, `It can write to ${source} of the host`)];
  return [];
}

function isOneFile(source: string): boolean {
  return /\.[a-z]+$/.test(source) && !source.endsWith('.ssh') && !source.endsWith('.d');
}

function processSignals(seen: ObservedContainer, { known, processes }: ContainerView): Signal[] {
  const inside = processes.filter(
    ({ process, cgroup }) =>
      process.pid === seen.pid || (seen.container.id.length >= 12 && cgroup?.includes(seen.container.id)),
  );
  const bad = inside.map(({ process }) => known.processes.get(process.pid)).find((title) => title);
  if (bad !== undefined)
    return [one('association', 'runs-malicious', 90, `${bad} runs in it, and is malicious`)];
  const odd = inside.map(({ process }) => known.suspectProcesses.get(process.pid)).find((title) => title);
  return odd === undefined
    ? []
    : [one('association', 'runs-suspect', 20, `${odd} runs in it, and is suspicious`)];
}

function one(topic: string, code: string, weight: number, text: string): Signal {
  return { topic, code, weight, text };
}
