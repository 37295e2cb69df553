import { readdir, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type Ancestor, readAncestor, readAncestors, readProcLink, readVariable } from './proc-parents.ts';
import { readSockets, type Socket } from './scan/proc-net.ts';

export interface SshPeer {
  readonly address: string;
  readonly port: number | null;
  readonly localPort: number | null;
}

export interface SshSession {
  readonly peer: SshPeer;
  /** The processes that carry it and are not ancestors: a terminal multiplexer's clients, all that are attached, and their sshds. */
  readonly session: readonly Ancestor[];
}

/**
 * The SSH connection that the responder came by, looked for in this order:
 * the socket of an sshd among the ancestors; the sshd above the client of a terminal multiplexer that this runs in, whose
 * environment is that of whoever began it; SSH_CONNECTION here or in an ancestor, if that connection still stands;
 * SSH_CONNECTION here though no such connection is to be seen from here, or of the mosh-server above, whose own has
 * ended by design (to protect one address too many harms nobody). null: not by SSH.
 */
export async function findSshPeer(ancestors: readonly Ancestor[]): Promise<SshSession | null> {
  const established = readEstablished();
  const own = await peerOfDaemon(ancestors, established);
  if (own !== null) return { peer: own, session: [] };
  const attached = await peerOfMultiplexer(ancestors, established);
  if (attached !== null) return attached;
  const named = await peerFromEnvironment(ancestors, established);
  if (named !== null) return { peer: named, session: [] };
  const mosh = ancestors.find(({ name }) => name === 'mosh-server');
  const begun = mosh === undefined ? null : await readVariable(mosh.pid, 'SSH_CONNECTION');
  const claimed = parseSshConnection(process.env.SSH_CONNECTION ?? begun ?? '');
  return claimed === null ? null : { peer: claimed, session: [] };
}

/** Of this network namespace. Unreadable tables have none. */
function readEstablished(): Socket[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => {
    try {
      return readSockets(table).filter(({ state }) => state === 'established');
    } catch {
      return [];
    }
  });
}

/** OpenSSH 9.8 split the daemon: the part with the connection is `sshd-session`. Dropbear is one program. */
const DAEMONS = /^(sshd|sshd-session|sshd-auth|dropbear)$/;

async function peerOfDaemon(
  chain: readonly Ancestor[],
  established: readonly Socket[],
): Promise<SshPeer | null> {
  for (const { pid } of chain.filter(({ name }) => DAEMONS.test(name))) {
    const inodes = await socketInodes(pid);
    const entry = established.find(({ inode }) => inodes.has(inode));
    if (entry) return toPeer(entry);
  }
  return null;
}

async function peerFromEnvironment(
  ancestors: readonly Ancestor[],
  established: readonly Socket[],
): Promise<SshPeer | null> {
  const inherited = await Promise.all(ancestors.map(({ pid }) => readVariable(pid, 'SSH_CONNECTION')));
  for (const text of [process.env.SSH_CONNECTION ?? null, ...inherited]) {
    const named = text === null ? null : parseSshConnection(text);
    const entry = established.find(
      ({ remoteAddress, remotePort, localPort }) =>
        remoteAddress === named?.address && remotePort === named.port && localPort === named.localPort,
    );
    if (entry) return toPeer(entry);
  }
  return null;
}

/** `CLIENT_ADDRESS CLIENT_PORT SERVER_ADDRESS SERVER_PORT` (ssh(1)); null if it is not that. */
export function parseSshConnection(text: string): SshPeer | null {
  const [address = '', port, , localPort] = text.trim().split(/\s+/);
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) === 0) return null;
  return { address: plain, port: toPort(port), localPort: toPort(localPort) };
}

/** Programs whose server keeps our process, and whose client sits under sshd. */
const CLIENTS = /^(tmux: client|screen|zellij|mosh-server)$/;

/**
 * Several may be attached, a colleague or an intruder. Whoever typed last is the responder, who has just started this; all
 * of them are protected.
 */
async function peerOfMultiplexer(
  ancestors: readonly Ancestor[],
  established: readonly Socket[],
): Promise<SshSession | null> {
  const isInside = ancestors.some(({ name }) => /^(tmux|screen|SCREEN|zellij)/.test(name));
  if (!isInside || established.length === 0) return null;
  const uids = new Set(ancestors.map(({ uid }) => uid));
  const attached: { peer: SshPeer; session: readonly Ancestor[]; typedAtMs: number }[] = [];
  for (const pid of await readPids()) {
    const client = await readAncestor(pid);
    if (client === null || !CLIENTS.test(client.name) || !uids.has(client.uid)) continue;
    const session = await readAncestors(pid);
    const peer = await peerOfDaemon(session, established);
    if (peer !== null) attached.push({ peer, session, typedAtMs: await typedAt(pid) });
  }
  const [last] = attached.sort((a, b) => b.typedAtMs - a.typedAtMs);
  if (last === undefined) return null;
  return { peer: last.peer, session: attached.flatMap(({ session }) => session) };
}

/** When something was last read from its terminal, to eight seconds (drivers/tty/tty_io.c, tty_update_time); 0 if not known. */
async function typedAt(pid: number): Promise<number> {
  try {
    return (await stat(`/proc/${pid}/fd/0`)).atimeMs;
  } catch {
    return 0;
  }
}

function toPeer(entry: Socket): SshPeer {
  return { address: entry.remoteAddress, port: entry.remotePort, localPort: entry.localPort };
}

function toPort(text: string | undefined): number | null {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

/** Inodes of the sockets that a process holds; needs its owner's rights. */
async function socketInodes(pid: number): Promise<Set<string>> {
  const inodes = new Set<string>();
  for (const fd of await list(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec((await readProcLink(`/proc/${pid}/fd/${fd}`)) ?? '')?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

async function readPids(): Promise<number[]> {
  return (await list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
