import type { ObservedProcess } from '../../findings/observation.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { type Look, ownerName } from './look.ts';
import type { MountOver } from './mounts-over.ts';
import { parseProcessStat } from './proc-stat.ts';
import { type Around, cgroupOf, exeOf, splitNul, startedAt } from './processes.ts';

/**
 * Who is behind a mount over /proc/PID: the mount is taken away in a mount namespace made for the purpose, which
 * ends with the reading; on the host it stays as it is. Empty where that may not be done.
 */
export async function lookBehind(
  look: Look,
  mounts: readonly MountOver[],
  around: Around,
): Promise<ObservedProcess[]> {
  const pids = [...new Set(mounts.map(({ pid }) => String(pid)))];
  const points = mounts.map(({ point }) => point);
  const read = await readBehind(points, pids);
  if (typeof read === 'string') {
    look.unknowns.push({
      scope: 'hidden-processes',
      what: 'who is behind the mounts over /proc',
      reason: read,
    });
    return [];
  }
  return pids.flatMap((pid) =>
    toProcess(look, pid, (what) => read.get(`${pid} ${what}`) ?? Buffer.alloc(0), around),
  );
}

/**
 * Files of `/proc/PID` as they are without these mounts, by `PID NAME`; empty for what could not be read. A text: why
 * nothing can be read there.
 */
export async function readBehind(
  points: readonly string[],
  pids: readonly string[],
): Promise<ReadonlyMap<string, Buffer> | string> {
  const unshare = ['unshare', '--mount', '--propagation', 'private', '--'];
  const run = await runTool([...unshare, '/bin/sh', '-c', READ, 'sh', ...points, '--', ...pids], {
    timeoutMs: 5_000,
  });
  if (run.exitCode === null || run.stdout.length === 0) return toolFailure('unshare', run);
  const read = new Map<string, Buffer>();
  for (const line of run.stdout.toString('latin1').split('\n')) {
    const [pid = '', what = '', base64 = ''] = line.split(' ');
    read.set(`${pid} ${what}`, Buffer.from(base64, 'base64'));
  }
  return read;
}

// Several mounts may lie upon each other.
const READ = `
while [ "$1" != -- ]; do
  count=0
  while [ $count -lt 32 ] && umount -l "$1" 2> /dev/null; do count=$((count + 1)); done
  shift
done
shift
for pid; do
  cd / && cd "/proc/$pid" 2> /dev/null || continue
  for what in stat status cgroup cmdline; do
    printf '%s %s ' "$pid" "$what"; base64 "$what" 2> /dev/null | tr -d '\\n'; echo
  done
  for what in exe cwd; do
    printf '%s %s ' "$pid" "$what"; readlink "$what" | base64 | tr -d '\\n'; echo
  done
  printf '%s inode ' "$pid"; stat -L -c '%d:%i %h' exe 2> /dev/null | base64 | tr -d '\\n'; echo
done
`;

function toProcess(
  look: Look,
  name: string,
  read: (what: string) => Buffer,
  around: Around,
): ObservedProcess[] {
  const pid = Number(name);
  const stat = parseProcessStat(read('stat'));
  if (stat === null || stat.pid !== pid) return [];
  const line = (what: string): string => decodeHostBytes(read(what)).replace(/\n$/, '');
  const [inode = '', links = ''] = line('inode').split(' ');
  const exe = exeOf(line('exe'), inode === '' ? null : inode, links === '0');
  const uid = Number(/^Uid:\t(\d+)/m.exec(read('status').toString('latin1'))?.[1] ?? 0);
  return [
    {
      process: {
        pid,
        startTicks: stat.startTicks,
        bootId: look.facts.bootId,
        exePath: exe.text,
        exeInode: exe.inode,
        name: stat.name,
      },
      parentPid: stat.parentPid,
      uid,
      owner: ownerName(look, uid),
      sessionId: stat.sessionId,
      commandLine: splitNul(read('cmdline')),
      workingFolder: line('cwd') || null,
      cgroup: cgroupOf(read('cgroup')),
      cpuPercent: null,
      startedAtMs: startedAt(stat, around),
      isKernelThread: stat.isKernelThread,
      isProtected: around.protectedPids.has(pid),
      sharesOurFiles: true,
      exe: exe.path,
      isDeleted: exe.isDeleted,
      isMemfd: exe.isMemfd,
      preload: null,
    },
  ];
}
