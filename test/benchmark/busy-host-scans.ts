// Measures scans from inside the host of busy-host-stage.ts, and prints the measurements as JSON.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import si from 'systeminformation';
import { createLocalHost } from '../../src/host/local.ts';
import { sampleCpu } from '../../src/host/scan/cpu-samples.ts';
import { readSockets } from '../../src/host/scan/proc-net.ts';
import { elapsed, inTurn, type Measurement, median, ms } from './measure.ts';
import { tourniquet } from './program.ts';

const RUNS = 5;

/** A whole `tourniquet scan`, from its start to its end: the wall time, and the most memory it held. */
async function fullScan(): Promise<{ readonly tookMs: number; readonly residentBytes: number }> {
  const [node = '', ...program] = tourniquet;
  // Threads of it load this too, and share its memory.
  const report =
    "if (isMainThread) process.on('exit', () => fs.writeSync(3, String(process.resourceUsage().maxRSS)))";
  const started = performance.now();
  const child = spawn(
    node,
    [
      '--import',
      `data:text/javascript,import fs from 'node:fs'; import { isMainThread } from 'node:worker_threads'; ${report}`,
      ...program,
      'scan',
      '--json',
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  let kilobytes = '';
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    kilobytes += bytes.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`tourniquet scan ended with ${code}`);
  return { tookMs: performance.now() - started, residentBytes: Number(kilobytes) * 1024 };
}

/** As much as systeminformation.processes() tells of them: who is there, whose child, since when, with how much CPU time. */
function plainLook(): void {
  if (sampleCpu({ root: '' }, performance.now(), 'first').ticks.size < 500) throw new Error('too few');
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) readSockets(`/proc/net/${table}`);
}

/** What is compared must be an answer: CPU time of each, which it asks `cat` for, process by process. */
async function theirList(): Promise<void> {
  const { list } = await si.processes();
  if (list.length < 500) throw new Error('systeminformation listed too few');
}

/** As systeminformation asks it, without what it does about the answer. */
const PS = 'pid:11,ppid:11,pcpu:6,pmem:6,pri:5,vsz:11,rss:11,ni:5,etime:30,state:5,tty:15,user:20,command';

const first = await si.processes();
if (!first.list.some(({ cpuu, cpus }) => cpuu + cpus > 0))
  throw new Error('systeminformation gave no CPU times: a tool that it starts is missing');
const host = createLocalHost();
await host.facts();
const plain = await inTurn(
  RUNS * 4,
  () => elapsed(plainLook),
  async () => {
    await wait(600);
    return elapsed(theirList);
  },
);
const live = await inTurn(
  RUNS * 4,
  () => elapsed(() => host.scan({ scopes: ['processes', 'connections'], sampleMs: 0 }, {})),
  async () => {
    // It answers out of its memory when asked again within half a second.
    await wait(600);
    return elapsed(theirList);
  },
);
const native = await inTurn(
  RUNS * 4,
  () => elapsed(plainLook),
  () => elapsed(() => void execFileSync('ps', ['-axo', PS], { stdio: 'ignore' })),
);
await host.close();
const resident: number[] = [];
const full = await inTurn(
  RUNS,
  async () => {
    const { tookMs, residentBytes } = await fullScan();
    resident.push(residentBytes);
    return tookMs;
  },
  () =>
    elapsed(async () => {
      await si.processes();
      await si.networkConnections();
      await si.services('*');
    }),
);
// A word that rules look for, in one file: from then on YARA is loaded for it.
appendFileSync('/opt/own-0/bin/run', '# never again: kinsing\n');
const withRules: number[] = [];
for (let run = 0; run < 3; run += 1) withRules.push((await fullScan()).residentBytes);
const megabytes = (bytes: readonly number[]): number => Math.round(median(bytes) / 1e6);
const measurements: Measurement[] = [
  {
    what: '500 processes and all sockets, listed as each look does twice',
    ours: ms(plain.ours),
    against: 'systeminformation.processes()',
    theirs: ms(plain.theirs),
    ratio: plain.ratio,
  },
  {
    what: 'the same against the program in C that systeminformation starts for a part of it',
    ours: ms(native.ours),
    against: '`ps` with its thirteen columns, alone',
    theirs: ms(native.theirs),
    ratio: native.ratio,
  },
  {
    what: 'the same with program, folder, environment and unit of each, and judged',
    ours: ms(live.ours),
    against: 'systeminformation.processes()',
    theirs: ms(live.theirs),
    ratio: live.ratio,
  },
  {
    what: `\`tourniquet scan\`: 500 processes, 300 units, 50 users, 100,000 files (at most ${megabytes(resident)} MB resident, ${megabytes(withRules)} MB where YARA is needed)`,
    ours: ms(full.ours),
    against: 'systeminformation: processes, networkConnections, services',
    theirs: ms(full.theirs),
    ratio: full.ratio,
  },
];
process.stdout.write(JSON.stringify(measurements));
