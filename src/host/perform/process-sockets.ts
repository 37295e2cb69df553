import { readProcFile } from './process-files.ts';

/** A socket that a process holds, as its own network namespace's tables have it (proc_pid_net(5)). */
export interface ProcessSocket {
  readonly descriptor: number;
  readonly inode: string;
  readonly table: string;
  /** ADDRESS:PORT, IPv6 in brackets; for `unix` the path. */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
}

const INET_TABLES = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'] as const;
const TCP_STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
];

/** The sockets among a process's descriptors. One that no table has (netlink, packet, just closed) is left out. */
export function readSockets(
  pid: number,
  descriptors: readonly { number: number; target: string | null }[],
): ProcessSocket[] {
  const held = new Map<string, number>();
  for (const { number, target } of descriptors) {
    const inode = /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1];
    if (inode !== undefined) held.set(inode, number);
  }
  if (held.size === 0) return [];
  return [...INET_TABLES.flatMap((table) => readInet(pid, table, held)), ...readUnix(pid, held)];
}

function readInet(pid: number, table: string, held: ReadonlyMap<string, number>): ProcessSocket[] {
  return rows(pid, table).flatMap((row): ProcessSocket[] => {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = row.trim().split(/\s+/);
    const descriptor = held.get(inode);
    if (descriptor === undefined) return [];
    const code = Number.parseInt(state, 16);
    return [
      {
        descriptor,
        inode,
        table,
        local: decodeEnd(local),
        remote: decodeEnd(remote),
        state: table.startsWith('tcp') ? (TCP_STATES[code] ?? state) : state,
      },
    ];
  });
}

function readUnix(pid: number, held: ReadonlyMap<string, number>): ProcessSocket[] {
  return rows(pid, 'unix').flatMap((row): ProcessSocket[] => {
    const [, , , , , state = '', inode = '', ...path] = row.trim().split(/\s+/);
    const descriptor = held.get(inode);
    return descriptor === undefined
      ? []
      : [{ descriptor, inode, table: 'unix', local: path.join(' '), remote: '', state }];
  });
}

function rows(pid: number, table: string): string[] {
  return readProcFile(`/proc/${pid}/net/${table}`)?.toString('latin1').split('\n').slice(1) ?? [];
}

/** `0100007F:1F90` → `127.0.0.1:8080`. Each 32 bits are in the byte order of the machine, which is little-endian here. */
function decodeEnd(text: string): string {
  const [hex = '', port = ''] = text.split(':');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]:${number}`;
}
