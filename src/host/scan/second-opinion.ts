import { readdirSync } from 'node:fs';
import { isRemoteAddress, unmapAddress } from '../../findings/addresses.ts';
import type { ObservedDisagreement } from '../../findings/observation.ts';
import { runTool } from '../run-tool.ts';
import { askSystemInformation } from '../system-information.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { readSockets } from './proc-net.ts';

/**
 * What the host's own tools say, held against our own reading of /proc: ps of processes, systeminformation (by ss) of
 * connections. Of processes that is not asked: for CPU times it starts `cat` once for each of them.
 * Processes and connections come and go, so a difference counts only if a second look finds it too.
 */
export async function enumerateSecondOpinion(look: Look, gathered: Gathered): Promise<number> {
  if (look.root !== '') return 0;
  const first = await compareOnce();
  if (first === null) {
    look.unknowns.push({
      scope: 'second-opinion',
      what: 'what ps and ss say',
      reason: 'ps gave no answer (it is missing, failed, or took too long)',
    });
    return 0;
  }
  if (first.differences.length === 0) return first.compared;
  const second = await compareOnce();
  const lasting = new Set(second?.differences.map(keyOf) ?? []);
  gathered.disagreements.push(...first.differences.filter((difference) => lasting.has(keyOf(difference))));
  return first.compared;
}

function keyOf(difference: ObservedDisagreement): string {
  return `${difference.code} ${difference.about}`;
}

interface Comparison {
  readonly compared: number;
  readonly differences: readonly ObservedDisagreement[];
}

/** As POSIX and BusyBox have it. With the commands: a ps that hides somebody often goes by them. */
const LIST = ['ps', '-e', '-o', 'pid,user,args'];

async function compareOnce(): Promise<Comparison | null> {
  const before = pidsNow();
  const socketsBefore = remoteNow();
  const [listed, answer] = await Promise.all([
    runTool(LIST, { timeoutMs: 10_000 }),
    askSystemInformation({ networkConnections: '*' }),
  ]);
  const after = pidsNow();
  const socketsAfter = remoteNow();
  const theirs = pidsOf(listed.stdout);
  if (theirs === null) return null;
  const differences: ObservedDisagreement[] = [];
  // Only what was there all the time: before they looked and after.
  for (const pid of before) {
    if (!after.has(pid) || theirs.has(pid)) continue;
    differences.push({
      about: `process ${pid}`,
      ours: `/proc/${pid} is there`,
      theirs: 'ps does not list it',
      code: 'hidden-from-tools',
      pid,
    });
  }
  for (const pid of theirs) {
    if (before.has(pid) || after.has(pid) || isThere(pid) === false) continue;
    differences.push({
      about: `process ${pid}`,
      ours: '/proc does not list it',
      theirs: 'ps lists it',
      code: 'unseen-by-us',
      pid,
    });
  }
  const theirRemote = remoteOf(answer?.networkConnections);
  for (const end of theirRemote === null ? [] : socketsBefore) {
    if (!socketsAfter.has(end) || theirRemote?.has(end)) continue;
    differences.push({
      about: `connection to ${end}`,
      ours: '/proc/net has it',
      theirs: 'ss does not list it',
      code: 'other-address',
      pid: null,
    });
  }
  return { compared: before.size, differences };
}

function pidsNow(): Set<number> {
  return new Set(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
}

/** Whether a number that our listing lacks answers all the same. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** "address:port" of established TCP connections to elsewhere. */
function remoteNow(): Set<string> {
  const out = new Set<string>();
  for (const table of ['tcp', 'tcp6']) {
    try {
      for (const socket of readSockets(`/proc/net/${table}`)) {
        if (socket.state === 'established' && isRemoteAddress(socket.remoteAddress))
          out.add(`${socket.remoteAddress}:${socket.remotePort}`);
      }
    } catch {
      // A host without IPv6 has no such table.
    }
  }
  return out;
}

/** null: it said nothing. Its exit code is not asked: what replaces ps often ends with that of a grep. */
function pidsOf(stdout: Buffer): Set<number> | null {
  const pids = new Set(
    Array.from(stdout.toString('latin1').matchAll(/^ *(\d+) /gm), ([, pid]) => Number(pid)),
  );
  return pids.size === 0 ? null : pids;
}

function remoteOf(answer: unknown): Set<string> | null {
  if (!Array.isArray(answer) || answer.length === 0) return null;
  return new Set(
    answer.map(
      (one: { peerAddress?: unknown; peerPort?: unknown }) =>
        `${unmapAddress(String(one.peerAddress).replace(/^\[|\]$/g, ''))}:${one.peerPort}`,
    ),
  );
}
