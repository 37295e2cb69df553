import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measurement, ms } from './measure.ts';
import { formatCurve, processCurve } from './simulated-processes.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Scans of a busy host that is made for it, and how they grow with the number of processes. */
export async function scans(): Promise<Measurement[]> {
  return [...onBusyHost(), await asProcessesGrow()];
}

function onBusyHost(): Measurement[] {
  const asUser = process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const namespaces = ['--mount', '--pid', '--net', '--fork', '--kill-child', '--propagation', 'private'];
  const stage = [process.execPath, join(here, 'busy-host-stage.ts'), join(here, 'busy-host-scans.ts')];
  const result = spawnSync('unshare', [...asUser, ...namespaces, '--', ...stage], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (result.status !== 0)
    throw new Error(`The busy host could not be made or measured: ${result.error ?? result.status}`);
  return JSON.parse(result.stdout) as Measurement[];
}

/** Against ten times as long for ten times as many: above 1 it grows faster than what it looks at. */
async function asProcessesGrow(): Promise<Measurement> {
  const points = await processCurve([100, 1_000, 10_000], 5);
  const [, thousand, tenThousand] = points;
  const straight = (thousand?.tookMs ?? Number.NaN) * 10;
  return {
    what: `processes and connections of a simulated /proc: ${formatCurve(points)}`,
    ours: ms(tenThousand?.tookMs ?? Number.NaN),
    against: 'ten times what 1,000 take',
    theirs: ms(straight),
    ratio: (tenThousand?.tookMs ?? Number.NaN) / straight,
  };
}
