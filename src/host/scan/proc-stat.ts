import { decodeHostLatin1 } from '../../text/host-bytes.ts';

/** USER_HZ is 100 on every Linux that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** Of /proc/PID/stat (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parentPid: number;
  readonly sessionId: number;
  readonly isKernelThread: boolean;
  /** User and system time, clock ticks. */
  readonly cpuTicks: number;
  /** The same of its children that have ended and were waited for. */
  readonly childTicks: number;
  readonly startTicks: string;
}

const PF_KTHREAD = 0x00200000;

/** The name stands in parentheses and may hold anything, `) (` too: the last `)` ends it. */
export function parseProcessStat(bytes: Buffer): ProcessStat | null {
  const open = bytes.indexOf(0x28);
  const close = bytes.lastIndexOf(0x29);
  if (open < 0 || close < open) return null;
  // From the third field on; none is needed behind the 22nd.
  const fields = bytes.toString('latin1', close + 2).split(' ', 20);
  const field = (number: number): string => fields[number - 3] ?? '';
  if (!/^\d+$/.test(field(22))) return null;
  return {
    pid: Number(bytes.toString('latin1', 0, open)),
    name: decodeHostLatin1(bytes.toString('latin1', open + 1, close)),
    state: field(3),
    parentPid: Number(field(4)),
    sessionId: Number(field(6)),
    isKernelThread: (Number(field(9)) & PF_KTHREAD) !== 0,
    cpuTicks: Number(field(14)) + Number(field(15)),
    childTicks: Number(field(16)) + Number(field(17)),
    startTicks: field(22),
  };
}
