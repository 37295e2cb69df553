import { afterAll, beforeAll, expect, test } from 'vitest';
import { Incidents } from './program.ts';
import { playDrill } from './unattended.ts';

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(() => incidents.end());

test('the drill on a host without systemd and nft is won unattended, with iptables and the links of runlevels', async () => {
  // Of these two seeds one has the links of System V and one those of OpenRC.
  playDrill(incidents, 'bare', 8);
  const records = await incidents.records(incidents.newest());
  const opened = records.find(({ event }) => event.kind === 'incident-opened')?.event;
  expect(opened).toMatchObject({ host: { serviceManager: 'none', firewall: 'iptables' } });
  const targets = records.flatMap(({ event }) => (event.kind === 'plan-made' ? event.plan.operations : []));
  expect(targets.map(({ kind }) => kind)).not.toContain('disable-unit');
  const moved = targets.flatMap((target) => (target.kind === 'quarantine-file' ? [target.file] : []));
  expect(moved).toContainEqual(
    expect.objectContaining({ kind: 'symlink', path: expect.stringMatching(/^\/etc\/r/) }),
  );
}, 300_000);
