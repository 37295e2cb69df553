import { expect } from 'vitest';
import { type Ended, type Incidents, run } from './program.ts';

/** Plays a scenario to its end with nobody there; it must be won, with nothing ordinary damaged. */
export function playDrill(incidents: Incidents, scenario: string, seed: number): Ended {
  const drill = run(
    [
      ...['--incident-dir', incidents.folder, 'drill', '--scenario', scenario, '--seed', String(seed)],
      ...['--yes', '--max-risk', 'irreversible', '--input', 'watch-for=5s'],
    ],
    {},
    240_000,
  );
  expect(drill.stdout + drill.stderr).toContain('Drill won');
  expect(drill.stdout).toMatch(/damaged +nothing/);
  const [, found, of] = /found +(\d+) of (\d+)/.exec(drill.stdout) ?? [];
  expect(found).toBe(of);
  expect(drill.code).toBe(0);
  return drill;
}
