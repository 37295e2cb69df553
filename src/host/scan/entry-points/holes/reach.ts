import { readdirSync, readlinkSync } from 'node:fs';
import type { ObservedProcess } from '../../../../findings/observation.ts';
import type { Gathered } from '../../gathered.ts';
import { type Look, listFolder, readLines, resolve, statHere } from '../../look.ts';
import { parseSockets } from '../../proc-net.ts';
import { readProcWhole } from '../../proc-read.ts';

/** From where what some processes listen on can be reached; `by` says it in words, with port, file or line. */
export interface Reach {
  readonly from: 'everywhere' | 'its-container' | 'through-a-proxy' | 'this-host' | 'nowhere' | 'not-known';
  readonly by: string;
  readonly isListening: boolean;
}

const LOOPBACK = /^(127\.|::1$)/;
const MOST_OPEN = 4_000;
const MOST_PROCESSES = 200;
const MOST_FILES = 200;

/** Where web servers are told what to pass on. */
const PROXY_FOLDERS = [
  '/etc/nginx',
  '/etc/nginx/conf.d',
  '/etc/nginx/sites-enabled',
  '/etc/apache2/sites-enabled',
  '/etc/apache2/conf-enabled',
  '/etc/httpd/conf',
  '/etc/httpd/conf.d',
  '/etc/caddy',
  '/etc/haproxy',
  '/etc/traefik',
];

/** `look` is the host's own. Sockets must have been read. */
export function reachOf(look: Look, gathered: Gathered, processes: readonly ObservedProcess[]): Reach {
  if (processes.length === 0)
    return { from: 'nowhere', by: 'nothing that runs uses it now', isListening: false };
  const ours = networkOf(look, 'self');
  const networks = Map.groupBy(processes.slice(0, MOST_PROCESSES), ({ process }) =>
    networkOf(look, String(process.pid)),
  );
  const reaches = [...networks].map(([network, there]) =>
    reachIn(look, gathered, there, network !== '' && ours !== '' && network !== ours),
  );
  return ORDER.flatMap((from) => reaches.find((reach) => reach.from === from) ?? [])[0] ?? NOT_KNOWN;
}

const NOT_KNOWN: Reach = {
  from: 'not-known',
  by: 'no permission to see what it listens on',
  isListening: false,
};
/** The widest first. */
const ORDER = ['everywhere', 'through-a-proxy', 'its-container', 'not-known', 'this-host'] as const;

/** Of processes that see one network: the host's, or one of their own as a container has it. */
function reachIn(
  look: Look,
  gathered: Gathered,
  processes: readonly ObservedProcess[],
  isOwnNetwork: boolean,
): Reach {
  const held = new Set<string>();
  let isDenied = false;
  for (const { process } of processes) {
    const inodes = socketsOf(look, process.pid);
    if (inodes === null) isDenied = true;
    for (const inode of inodes ?? []) held.add(inode);
  }
  const [first] = processes;
  const sockets =
    isOwnNetwork && first !== undefined ? socketsWithin(look, first.process.pid) : gathered.sockets;
  const listening = sockets.filter(({ state, inode }) => state === 'listening' && held.has(inode));
  const open = listening.find(({ localAddress }) => !LOOPBACK.test(localAddress));
  if (open !== undefined && !isOwnNetwork)
    return { from: 'everywhere', by: `port ${open.localPort} is open beyond this host`, isListening: true };
  const ports = [...new Set(listening.map(({ localPort }) => localPort))];
  if (open !== undefined) {
    const published = publishedAs(gathered, new Set(ports));
    if (published.open !== undefined)
      return { from: 'everywhere', by: `port ${published.open} of this host leads to it`, isListening: true };
    if (published.local.length > 0) return locally(look, published.local);
    const by = `port ${open.localPort} is open beyond its container; what leads there from outside was not found`;
    return { from: 'its-container', by, isListening: true };
  }
  if (ports.length > 0) return locally(look, isOwnNetwork ? [] : ports);
  return isDenied
    ? NOT_KNOWN
    : { from: 'this-host', by: 'it runs, and listens on no port itself', isListening: false };
}

/** On loopback alone, unless a web server passes requests on. */
function locally(look: Look, ports: readonly number[]): Reach {
  const proxy = proxyTo(look, ports);
  return proxy === null
    ? {
        from: 'this-host',
        by: 'it is open to this host alone, as far as the settings of its web servers tell',
        isListening: true,
      }
    : { from: 'through-a-proxy', by: proxy, isListening: true };
}

function socketsOf(look: Look, pid: number): string[] | null {
  const folder = `${look.root}/proc/${pid}/fd`;
  try {
    return readdirSync(folder)
      .slice(0, MOST_OPEN)
      .flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1] ?? []);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** '' if it is not told. */
function networkOf(look: Look, pid: string): string {
  return linkOf(`${look.root}/proc/${pid}/ns/net`);
}

function socketsWithin(look: Look, pid: number): ReturnType<typeof parseSockets> {
  return ['tcp', 'tcp6'].flatMap((table) => {
    try {
      return parseSockets(readProcWhole(`${look.root}/proc/${pid}/net/${table}`).toString('latin1'));
    } catch {
      return [];
    }
  });
}

/**
 * docker-proxy holds a port of the host for each that is published (docs.docker.com, “Port publishing and mapping”), and says so on
 * its command line. It names no container, so a port is the same wherever it is.
 */
function publishedAs(
  { processes }: Gathered,
  ports: ReadonlySet<number>,
): { readonly open: string | undefined; readonly local: readonly number[] } {
  const proxies = processes
    .filter(
      ({ commandLine, sharesOurFiles }) =>
        sharesOurFiles && /docker-proxy$|rootlessport$/.test(commandLine[0] ?? ''),
    )
    .map(
      ({ commandLine }) =>
        (name: string) =>
          commandLine[commandLine.indexOf(name) + 1] ?? '',
    )
    .filter((optionOf) => ports.has(Number(optionOf('-container-port'))));
  return {
    open: proxies.find((optionOf) => !LOOPBACK.test(optionOf('-host-ip')))?.('-host-port'),
    local: proxies.map((optionOf) => Number(optionOf('-host-port'))),
  };
}

/** The line by which a web server of the host passes requests on to one of the ports. */
function proxyTo(look: Look, ports: readonly number[]): string | null {
  if (ports.length === 0) return null;
  const target = new RegExp(`(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):(?:${ports.join('|')})(?!\\d)`);
  let left = MOST_FILES;
  for (const folder of PROXY_FOLDERS) {
    if (!statHere(look, folder)?.isDirectory()) continue;
    for (const name of listFolder(look, 'entry-points', folder)) {
      if (left === 0) return null;
      left -= 1;
      const path = `${folder}/${name}`;
      const lines = proxyLines(look, path);
      const at = lines.findIndex(
        (line) =>
          /^\s*(proxy_pass|ProxyPass|reverse_proxy|server|BalancerMember|-?\s*"?url)\b/i.test(line) &&
          target.test(line),
      );
      if (at >= 0) return `${path} line ${at + 1} passes requests from outside on to it`;
    }
  }
  return null;
}

/** Sites are links into sites-available. */
function proxyLines(look: Look, path: string): readonly string[] {
  const target = resolve(look, path);
  return target === null ? [] : (readLines(look, 'entry-points', target) ?? []);
}
