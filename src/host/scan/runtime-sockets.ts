import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import { findHolders } from './connections.ts';
import type { Enumerator, Gathered } from './gathered.ts';
import { readKernelFile } from './kernel-file.ts';
import { type Look, readLines, statHere } from './look.ts';
import { markSetting } from './mark-setting.ts';

const SOCKETS = [
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/podman/podman.sock',
  '/run/k3s/containerd/containerd.sock',
];
const SCOPE = 'entry-points';
/** Groups that runtimes make for it; whoever is in one is root. */
const ORDINARY_GROUPS = /^(root|docker|containerd|crio|podman|wheel|sudo|adm)$/;
const CONNECTED = '03';

/**
 * Sockets of container runtimes: who may use them, and which processes do. Whoever talks to one starts containers as root,
 * with the host’s files in them. /proc/net/unix (proc_pid_net(5)) shows that somebody is connected, ss(8) by the kernel’s
 * sock_diag(7) to whom.
 */
export const enumerateRuntimeSockets: Enumerator = async (look, gathered) => {
  const seen = new Set<string>();
  for (const path of SOCKETS) {
    const stats = statHere(look, path);
    if (stats === null || !stats.isSocket() || seen.has(`${stats.dev}:${stats.ino}`)) continue;
    seen.add(`${stats.dev}:${stats.ino}`);
    judgeRights(look, gathered, path, Number(stats.mode), Number(stats.gid));
  }
  if (seen.size > 0) await findUsers(look, gathered);
  return seen.size;
};

function judgeRights(look: Look, gathered: Gathered, path: string, mode: number, gid: number): void {
  const group = groupName(look, gid);
  const isForAll = (mode & 0o002) !== 0;
  if (!isForAll && ((mode & 0o020) === 0 || ORDINARY_GROUPS.test(group))) return;
  const who = isForAll ? 'anybody' : `the group ${group}`;
  markSetting(look, gathered, {
    part: SCOPE,
    code: 'runtime-socket',
    name: `${path} may be used by ${who}`,
    path,
    details: { value: (mode & 0o7777).toString(8), who, isForAll: isForAll ? 'yes' : 'no' },
    advice: `chmod 660 and chgrp docker ${path}; look for what sets it so (SocketMode=, SocketGroup=, "group" of daemon.json)`,
  });
}

function groupName(look: Look, gid: number): string {
  const line = (readLines(look, SCOPE, '/etc/group') ?? []).find((one) => one.split(':')[2] === String(gid));
  return line?.split(':')[0] ?? String(gid);
}

async function findUsers(look: Look, gathered: Gathered): Promise<void> {
  const paths = connectedPaths(readKernelFile(look, '/proc/net/unix') ?? '');
  if (paths.length === 0 || look.root !== '') return;
  const result = await runTool(['ss', '-xnH', 'state', 'connected'], {
    timeoutMs: 5000,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  const peers = result.exitCode === 0 ? peersOf(decodeHostBytes(result.stdout)) : new Map<string, string>();
  if (peers.size === 0) {
    const reason = 'ss, which knows both ends of a socket, did not say who is connected';
    for (const path of new Set(paths)) look.unknowns.push({ scope: SCOPE, what: path, reason });
    return;
  }
  const holders = findHolders(look, gathered, new Set(peers.keys()));
  const used = new Map([...holders].map(([inode, pid]) => [pid, peers.get(inode) ?? '']));
  gathered.processes = gathered.processes.map((one) => {
    const path = used.get(one.process.pid);
    return path === undefined ? one : { ...one, runtimeSocket: path };
  });
}

/** `NUM REFS PROTOCOL FLAGS TYPE STATE INODE PATH`: a server’s end of a connection has the path that it listens on. */
export function connectedPaths(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, , , , , state, , path = ''] = line.trim().split(/\s+/);
    return state === CONNECTED && SOCKETS.includes(path) ? [path] : [];
  });
}

/** `u_str [ESTAB] 0 0 PATH INODE * PEER`: by the inode of the other end, the path that it is connected to. */
export function peersOf(text: string): Map<string, string> {
  const peers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const at = fields.findIndex((field) => SOCKETS.includes(field));
    const peer = fields[at + 3];
    if (at > 0 && peer !== undefined && /^[1-9]\d*$/.test(peer)) peers.set(peer, fields[at] ?? '');
  }
  return peers;
}
