import { afterAll, beforeAll, expect, test } from 'vitest';
import { Incidents } from './program.ts';
import { playDrill } from './unattended.ts';

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(() => incidents.end());

test('the drill that hides is won unattended: the preload is stepped around, and what a mount hides is revealed', async () => {
  const drill = playDrill(incidents, 'hides', 7);
  expect(drill.stdout).toContain('reveal-process');
  const records = await incidents.records(incidents.newest());
  const opened = records.find(({ event }) => event.kind === 'incident-opened')?.event;
  expect(opened).toMatchObject({ host: { preload: { isSteppedAround: true } } });
}, 300_000);
