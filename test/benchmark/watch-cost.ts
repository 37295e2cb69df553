import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOOKS_SHARE } from '../../src/runner/effects/watch-pace.ts';
import type { Measurement } from './measure.ts';
import { processTime } from './measure.ts';
import { tourniquet } from './program.ts';

/** After starting and the first look, which eight days pay for once. */
const SETTLES_MS = 30_000;
const MEASURED_MS = 60_000;
/** USER_HZ of Linux on all that we run on (time(7)). */
const TICK_MS = 10;

/** What watching costs of one core while nothing happens, with what its looks may cost at most over a long time. */
export async function watchCost(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  try {
    processTime([...tourniquet, '--incident-dir', folder, 'run', '--yes', '--json']);
    const [id = ''] = await readdir(folder);
    const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
    const watching = spawn(process.execPath, [main, '--incident-dir', folder, 'watch', id, '--for', '8d'], {
      stdio: 'ignore',
    });
    try {
      await wait(SETTLES_MS);
      const before = await cpuMs(watching.pid ?? 0);
      await wait(MEASURED_MS);
      const percent = (((await cpuMs(watching.pid ?? 0)) - before) / MEASURED_MS + LOOKS_SHARE) * 100;
      return [
        {
          what: 'watching for eight days, of one core',
          ours: `${percent.toFixed(2)} %`,
          against: 'what was allowed',
          theirs: '0.5 %',
          ratio: percent / 0.5,
        },
      ];
    } finally {
      watching.kill('SIGTERM');
      await new Promise((resolve) => watching.once('exit', resolve));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** utime and stime of the process, and of children that it has waited for (proc_pid_stat(5)). */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS;
}
