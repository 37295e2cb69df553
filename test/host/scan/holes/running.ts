import type { TreeEntry } from '../tree.ts';

export interface Running {
  readonly pid: number;
  readonly exe: string;
  readonly words: readonly string[];
  readonly folder: string;
  /** Inodes of the sockets that it holds. */
  readonly sockets?: readonly number[];
  /** Archives that it has open. */
  readonly open?: readonly string[];
  readonly cgroup?: string;
  readonly parent?: number;
}

/** What /proc says of programs that run, for a tree of files that is looked at as a host. */
export function runningEntries(...all: readonly Running[]): Record<string, TreeEntry> {
  return Object.fromEntries(
    all.flatMap(({ pid, exe, words, folder, sockets = [], open = [], cgroup = '/', parent = 1 }) => {
      const name = exe.slice(exe.lastIndexOf('/') + 1);
      const fds = [...sockets.map((inode) => `socket:[${inode}]`), ...open];
      return [
        [
          `/proc/${pid}/stat`,
          `${pid} (${name}) S ${parent} ${pid} ${pid} 0 -1 0${' 0'.repeat(12)} 4242 0 0\n`,
        ],
        [`/proc/${pid}/cmdline`, `${words.join('\0')}\0`],
        [`/proc/${pid}/cgroup`, `0::${cgroup}\n`],
        [`/proc/${pid}/exe`, { link: exe }],
        [`/proc/${pid}/cwd`, { link: folder }],
        ...fds.map((link, at): [string, TreeEntry] => [`/proc/${pid}/fd/${at + 3}`, { link }]),
      ] satisfies [string, TreeEntry][];
    }),
  );
}

export interface Listening {
  readonly inode: number;
  readonly port: number;
  /** Left out: on every address. */
  readonly isLocal?: boolean;
}

/** The kernel's table of TCP sockets (proc_pid_net(5)). */
export function socketTable(...all: readonly Listening[]): string {
  const lines = all.map(({ inode, port, isLocal }, at) => {
    const local = `${isLocal === true ? '0100007F' : '00000000'}:${port.toString(16).padStart(4, '0').toUpperCase()}`;
    return `   ${at}: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000   0 0 ${inode} 1`;
  });
  return `  sl  local_address rem_address   st\n${lines.join('\n')}\n`;
}
