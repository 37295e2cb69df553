import { SCAN_SCOPES } from '../../src/findings/scan.ts';
import { createLocalHost } from '../../src/host/local.ts';
import { elapsed, inTurn, type Measurement, ms, processTime } from './measure.ts';

/** A scan against what else would be asked: systeminformation in the same process, and the host's own ps and ss. */
export async function scans(): Promise<Measurement[]> {
  const host = createLocalHost();
  await host.facts();
  const { default: si } = await import('systeminformation');
  const live = await inTurn(
    5,
    () => elapsed(() => host.scan({ scopes: ['processes', 'connections'], sampleMs: 0 }, {})),
    async () => {
      // It answers out of its memory when asked again within half a second.
      await new Promise((resolve) => setTimeout(resolve, 600));
      return elapsed(() => si.processes());
    },
  );
  const all = SCAN_SCOPES.filter((scope) => scope !== 'second-opinion' && scope !== 'packages');
  const full = await inTurn(
    5,
    () => elapsed(() => host.scan({ scopes: all, sampleMs: 0 }, {})),
    () => processTime(['/bin/sh', '-c', 'ps auxww; ss -antup; crontab -l; systemctl list-unit-files; true']),
  );
  await host.close();
  return [
    {
      what: 'processes and connections, seen and judged',
      ours: ms(live.ours),
      against: 'systeminformation.processes()',
      theirs: ms(live.theirs),
      ratio: live.ratio,
    },
    {
      what: 'full scan (without CPU samples and package lists)',
      ours: ms(full.ours),
      against: 'ps, ss, crontab -l, systemctl list-unit-files',
      theirs: ms(full.theirs),
      ratio: full.ratio,
    },
  ];
}
