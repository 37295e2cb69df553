import { readFile } from 'node:fs/promises';

/** An established TCP connection as /proc/net/tcp and tcp6 list it (proc_pid_net(5)). */
export interface TcpEntry {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly inode: string;
}

/** All established connections of this network namespace. Unreadable tables give none. */
export async function readEstablished(): Promise<TcpEntry[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readTable(path)));
  return tables.flatMap(parseTcpTable);
}

/** The established rows of one table's text. IPv4-mapped IPv6 addresses come out as IPv4. */
export function parseTcpTable(text: string): TcpEntry[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === ESTABLISHED)
    .map((columns) => {
      const [localAddress, localPort] = parseEnd(columns[1] ?? '');
      const [remoteAddress, remotePort] = parseEnd(columns[2] ?? '');
      return { localAddress, localPort, remoteAddress, remotePort, inode: columns[9] ?? '' };
    });
}

/** The kernel's number for TCP_ESTABLISHED (include/net/tcp_states.h). */
const ESTABLISHED = '01';

/** `0100007F:0016` is 127.0.0.1 port 22: each 32-bit word in host byte order (little-endian here), port big-endian. */
function parseEnd(text: string): [address: string, port: number] {
  const [hex = '', port = '0'] = text.split(':');
  const bytes: number[] = [];
  for (const word of hex.match(/.{8}/g) ?? []) {
    const swapped = (word.match(/../g) ?? []).reverse();
    bytes.push(...swapped.map((pair) => Number.parseInt(pair, 16)));
  }
  return [formatAddress(bytes), Number.parseInt(port, 16)];
}

function formatAddress(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2)
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return compress(groups);
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`. */
function compress(groups: readonly string[]): string {
  const text = groups.join(':');
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const at = text.indexOf(longest);
  const before = text.slice(0, at).replace(/:$/, '');
  const after = text.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return '';
  }
}
