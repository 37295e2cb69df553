import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TRANSCRIPT_FORMATS } from '../../src/cli/hand-over/transcript-formats.ts';
import { runProgram } from '../../src/cli/program.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';
import { PLANTED_SECRETS } from '../../src/drill/hostile-infection.ts';
import { Incidents, run } from './program.ts';
import { playDrill } from './unattended.ts';

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(() => incidents.end());

/** What a terminal obeys, and what turns the order of letters round. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The same program without a start of its own. */
async function here(...args: string[]): Promise<string> {
  const stdout = new PassThrough();
  // Read while it is written: what nobody reads would be waited for.
  const pieces = stdout.toArray();
  const surroundings = { ...processSurroundings(), stdout };
  await runProgram(args, surroundings as unknown as Parameters<typeof runProgram>[1]);
  stdout.end();
  return (await pieces).join('');
}

test('the drill with hostile names is won unattended, no name is obeyed, and every one is made visible', async () => {
  const drill = playDrill(incidents, 'hostile-names', 7);
  const id = incidents.newest();
  const tourniquet = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);
  const transcript = tourniquet('transcript', id);
  const shown = tourniquet('show', id);
  for (const { stdout, stderr } of [drill, transcript, shown]) expect(stdout + stderr).not.toMatch(OBEYED);
  expect(drill.stdout).toContain('\\x1b]0;owned\\x07\\x1b[2J\\x1b[8m');
  expect(transcript.stdout).toContain('\\x1b');
  expect(tourniquet('transcript', id, '--format', 'html').stdout).not.toMatch(OBEYED);

  // What was kept of the host as it is (evidence, quarantine) holds them, and nothing that was written of it.
  const secrets = Object.values(PLANTED_SECRETS);
  const told = [drill, transcript, shown].map(({ stdout, stderr }) => stdout + stderr);
  for (const format of Object.keys(TRANSCRIPT_FORMATS))
    told.push(await here('--incident-dir', incidents.folder, 'transcript', id, '--format', format));
  const written = readdirSync(join(incidents.folder, id), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /^(?!evidence|quarantine)/.test(relative(join(incidents.folder, id), entry.parentPath)),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect(written.length).toBeGreaterThan(2);
  for (const text of [...told, ...written]) for (const secret of secrets) expect(text).not.toContain(secret);

  const everywhere = readdirSync(incidents.folder, { recursive: true, encoding: 'utf8' });
  expect(everywhere.filter((name) => /(^|\/)pwned$/.test(name))).toEqual([]);
  for (const folder of [process.cwd(), '/', '/root', '/tmp', '/run'])
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
}, 300_000);
