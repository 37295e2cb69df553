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
  const findings = records.flatMap(({ event }) =>
    event.kind === 'step-looked' ? event.outcome.findings : [],
  );
  const codes = findings.flatMap(({ reasons }) => reasons.map(({ code }) => code));
  for (const code of [
    'stepped-around',
    'hidden-process',
    'pretends-kernel-thread',
    'deleted-executable',
    'memfd',
    'hides-things',
  ])
    expect(codes).toContain(code);
}, 300_000);
