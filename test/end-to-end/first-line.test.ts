import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wantsSkeleton } from '../../src/cli/skeleton.ts';
import { startPty } from '../support/pty.ts';
import { Incidents, tourniquet } from './program.ts';

describe('the first line, before anything is loaded', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('gives way to the screen, and to the shell as it was', async () => {
    const program = startPty([
      '/bin/sh',
      '-c',
      `echo before; "$@"; echo after`,
      'sh',
      ...tourniquet,
      '--incident-dir',
      incidents.folder,
    ]);
    await program.waitFor(/^ tourniquet$/m);
    await program.waitFor('Practise');
    program.press('q');
    await program.waitFor('after');
    expect(program.screen().slice(0, 2)).toEqual(['before', 'after']);
    await program.waitExit();
  });

  test('takes no message with it', async () => {
    const program = startPty([
      '/bin/sh',
      '-c',
      `"$@"; echo "code $?"`,
      'sh',
      ...tourniquet,
      'resume',
      'nothing-of-the-kind',
    ]);
    await program.waitFor('code 2');
    expect(program.text()).toContain('There is no incident "nothing-of-the-kind"');
    await program.waitExit();
  });

  test('is not written where no screen will follow', () => {
    const wants = (...argv: string[]) => wantsSkeleton(argv, { TERM: 'xterm' });
    // Here standard input is no terminal: whatever is asked, nothing is written.
    for (const argv of [[], ['resume'], ['scan'], ['--help']]) expect(wants(...argv)).toBe(false);
    const run = (words: string) =>
      startPty(['/bin/sh', '-c', `${tourniquet.map((word) => `'${word}'`).join(' ')} ${words}; echo done`]);
    const folder = join(incidents.folder, 'none');
    return Promise.all(
      [`--incident-dir ${folder} incidents`, '--version', `resume --plain --incident-dir ${folder} x`].map(
        async (words) => {
          const program = run(words);
          await program.waitFor('done');
          expect(program.text()).not.toMatch(/^ tourniquet$/m);
          await program.waitExit();
        },
      ),
    ).then(() => undefined);
  });
});
