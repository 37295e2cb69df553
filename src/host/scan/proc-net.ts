import { readProcTable } from './proc-read.ts';

/** A line of /proc/net/{tcp,tcp6,udp,udp6} (proc_pid_net(5)). */
export interface Socket {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: string;
  readonly inode: string;
}

// include/net/tcp_states.h
const STATES = [
  '',
  'established',
  'syn-sent',
  'syn-received',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'closed',
  'close-wait',
  'last-ack',
  'listening',
  'closing',
  'syn-received',
];

/** The sockets of one table. Throws the file system's error: a host without IPv6 has no tcp6. */
export function readSockets(table: string): Socket[] {
  return parseSockets(readProcTable(table).toString('latin1'));
}

export function parseSockets(text: string): Socket[] {
  const sockets: Socket[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const local = parseEnd(fields[1]);
    const remote = parseEnd(fields[2]);
    const inode = fields[9];
    if (local === null || remote === null || inode === undefined || !/^\d+$/.test(inode)) continue;
    sockets.push({
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      state: STATES[Number.parseInt(fields[3] ?? '', 16)] ?? 'unknown',
      inode,
    });
  }
  return sockets;
}

/** Addresses are in words of the host's byte order (little-endian on all that we run on), ports in hexadecimal. */
function parseEnd(text: string | undefined): { address: string; port: number } | null {
  const [, hex, port] = /^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}):([0-9A-Fa-f]{4})$/.exec(text ?? '') ?? [];
  if (hex === undefined || port === undefined) return null;
  const bytes = Buffer.from(hex, 'hex');
  for (let word = 0; word < bytes.length; word += 4) bytes.subarray(word, word + 4).reverse();
  return { address: formatAddress(bytes), port: Number.parseInt(port, 16) };
}

function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return isMapped ? bytes.subarray(12).join('.') : formatIpv6(bytes);
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups (two or more) as `::`. */
export function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const text = groups.map((group) => group.toString(16));
  if (best.start < 0) return text.join(':');
  return `${text.slice(0, best.start).join(':')}::${text.slice(best.start + best.length).join(':')}`;
}
