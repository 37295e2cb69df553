import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Incidents, run } from './program.ts';
import { playDrill } from './unattended.ts';

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(() => incidents.end());

/** What a terminal obeys, and what turns the order of letters round. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

test('the drill with hostile names is won unattended, no name is obeyed, and every one is made visible', () => {
  const drill = playDrill(incidents, 'hostile-names', 7);
  const id = incidents.newest();
  const tourniquet = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);
  const transcript = tourniquet('transcript', id);
  const shown = tourniquet('show', id);
  for (const { stdout, stderr } of [drill, transcript, shown]) expect(stdout + stderr).not.toMatch(OBEYED);
  expect(drill.stdout).toContain('\\x1b]0;owned\\x07\\x1b[2J\\x1b[8m');
  expect(transcript.stdout).toContain('\\x1b');
  expect(tourniquet('transcript', id, '--format', 'html').stdout).not.toMatch(OBEYED);

  const everywhere = readdirSync(incidents.folder, { recursive: true, encoding: 'utf8' });
  expect(everywhere.filter((name) => /(^|\/)pwned$/.test(name))).toEqual([]);
  for (const folder of [process.cwd(), '/', '/root', '/tmp', '/run'])
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
}, 300_000);
