import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalHost } from '../../src/host/local.ts';
import { scanHost } from '../../src/host/scan/scan-host.ts';
import { elapsed, median, ms } from './measure.ts';

/** A /proc of so many processes in a folder, as the reader takes it; in memory, as the real one is. */
function makeProc(count: number): string {
  const root = mkdtempSync('/dev/shm/tourniquet-curve-');
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n');
  const sockets: string[] = ['  sl  local_address rem_address st'];
  for (let pid = 1; pid <= count; pid += 1) {
    const folder = join(root, 'proc', String(pid));
    mkdirSync(join(folder, 'fd'), { recursive: true });
    writeFileSync(
      join(folder, 'stat'),
      `${pid} (server-${pid % 40}) S 1 ${pid} ${pid} 0 -1 4194560 0 0 0 0 5 3 0 0 20 0 1 0 ${1000 + pid} 0 0\n`,
    );
    writeFileSync(join(folder, 'cmdline'), `/opt/server-${pid % 40}/run\0--port\0${pid}\0`);
    writeFileSync(join(folder, 'environ'), 'PATH=/usr/bin\0HOME=/root\0');
    writeFileSync(join(folder, 'cgroup'), `0::/system.slice/server-${pid % 40}.service\n`);
    symlinkSync(`/opt/server-${pid % 40}/run`, join(folder, 'exe'));
    symlinkSync('/', join(folder, 'cwd'));
    symlinkSync(root, join(folder, 'root'));
    symlinkSync(`socket:[${pid}]`, join(folder, 'fd/3'));
    const port = (10_000 + (pid % 50_000)).toString(16).padStart(4, '0').toUpperCase();
    sockets.push(
      `${pid}: 0100000A:${port} 0200000A:01BB 01 00000000:00000000 00:00000000 00000000 0 0 ${pid}`,
    );
  }
  mkdirSync(join(root, 'proc/net'));
  writeFileSync(join(root, 'proc/net/tcp'), `${sockets.join('\n')}\n`);
  return root;
}

export interface CurvePoint {
  readonly processes: number;
  readonly tookMs: number;
}

/** How long processes and their connections take to be seen and judged, by how many there are. */
export async function processCurve(counts: readonly number[], runs: number): Promise<CurvePoint[]> {
  const host = createLocalHost({ withoutHardware: true });
  const facts = { ...(await host.facts()), packageManager: 'none' as const };
  await host.close();
  const points: CurvePoint[] = [];
  for (const processes of counts) {
    const root = makeProc(processes);
    try {
      const look = () =>
        elapsed(() => scanHost({ scopes: ['processes', 'connections'], sampleMs: 0 }, { facts, root }));
      await look();
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) times.push(await look());
      points.push({ processes, tookMs: median(times) });
    } finally {
      rmSync(root, { recursive: true });
    }
  }
  return points;
}

/** `100: 12 ms (120 µs each)`, … */
export function formatCurve(points: readonly CurvePoint[]): string {
  return points
    .map(
      ({ processes, tookMs }) =>
        `${processes.toLocaleString('en')}: ${ms(tookMs)} (${Math.round((tookMs / processes) * 1000)} µs each)`,
    )
    .join(', ');
}
