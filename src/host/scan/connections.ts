import { readdirSync, readlinkSync } from 'node:fs';
import { isRemoteAddress } from '../../findings/addresses.ts';
import type { Gathered } from './gathered.ts';
import { type Look, note } from './look.ts';
import { readSockets } from './proc-net.ts';
import { noteRefused } from './refused.ts';

/** Remote ends out of the kernel's own tables, each with the process that holds the socket. */
export function enumerateConnections(look: Look, gathered: Gathered): number {
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6'] as const) {
    const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
    try {
      for (const socket of readSockets(`${look.root}/proc/net/${table}`))
        gathered.sockets.push({ ...socket, protocol });
    } catch (error) {
      // No IPv6 on this host: no table of it.
      note(look, 'connections', `/proc/net/${table}`, error);
    }
  }
  const listening = new Set(
    gathered.sockets
      .filter(({ state, protocol }) => protocol === 'tcp' && state === 'listening')
      .map(({ localPort }) => localPort),
  );
  const remote = gathered.sockets.filter(
    ({ state, remoteAddress }) => state !== 'listening' && isRemoteAddress(remoteAddress),
  );
  const holders = findHolders(
    look,
    gathered,
    new Set(remote.map(({ inode }) => inode).filter((inode) => inode !== '0')),
  );
  for (const socket of remote) {
    gathered.connections.push({
      protocol: socket.protocol,
      localAddress: socket.localAddress,
      localPort: socket.localPort,
      remoteAddress: socket.remoteAddress,
      remotePort: socket.remotePort,
      state: socket.state,
      pid: holders.get(socket.inode) ?? null,
      isIncoming: socket.protocol === 'tcp' && listening.has(socket.localPort),
    });
  }
  return gathered.sockets.length;
}

/** Socket inode → process. A socket held by several is given to the youngest, which is the one that uses it. */
export function findHolders(
  look: Look,
  gathered: Gathered,
  wanted: ReadonlySet<string>,
): Map<string, number> {
  const holders = new Map<string, number>();
  if (wanted.size === 0) return holders;
  const denied: number[] = [];
  for (const { process, isKernelThread } of gathered.processes.toReversed()) {
    if (holders.size === wanted.size) break;
    if (isKernelThread) continue;
    const folder = `${look.root}/proc/${process.pid}/fd`;
    try {
      for (const fd of readdirSync(folder)) {
        const target = readFdLink(`${folder}/${fd}`);
        if (!target.startsWith('socket:[')) continue;
        const inode = target.slice(8, -1);
        if (wanted.has(inode) && !holders.has(inode)) holders.set(inode, process.pid);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') denied.push(process.pid);
    }
  }
  noteRefused(look, 'connections', 'the sockets', denied);
  return holders;
}

function readFdLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
