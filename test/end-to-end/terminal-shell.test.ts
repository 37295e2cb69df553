import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPty } from '../support/pty.ts';
import { Incidents, run, tourniquet } from './program.ts';

describe('the terminal lent out', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('to a recorded shell on the host and to an editor, and taken back whole', async () => {
    // An editor that adds a line, as somebody at a keyboard would.
    const editor = join(incidents.folder, '..', 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\necho "and a second line" >> "$1"\n', { mode: 0o755 });
    const program = startPty(
      [...tourniquet, '--incident-dir', incidents.folder, 'drill', '--scenario', 'none'],
      { environment: { VISUAL: `${editor} ` } },
    );
    await program.waitFor('Read what was found', 60_000);
    program.press('!');
    await program.waitFor('exit or Ctrl-D comes back');
    await program.waitFor(/root@\S+#/);
    program.press('echo "in $(hostname)"; exit 3\r');
    await program.waitFor('Back from the shell', 30_000);
    const host = /drill-[0-9a-f]+/.exec(program.text())?.[0] ?? 'no host';

    program.press('n');
    await program.waitFor('in your editor');
    program.press('first line');
    await program.waitFor('first line');
    program.press('\u000f');
    await program.waitFor('Noted.', 30_000);

    program.press('q');
    await program.waitFor('Leave?');
    program.press('l');
    expect(await program.waitExit(30_000)).toBe(0);

    const id = incidents.newest();
    const folder = join(incidents.folder, id);
    const cast = readFileSync(join(folder, 'output', 'shell-1.cast'), 'utf8');
    expect(cast).toContain(`in ${host}`);
    expect(JSON.parse(cast.split('\n')[0] ?? '')).toMatchObject({ version: 3, term: { cols: 80, rows: 24 } });
    expect(readdirSync(join(folder, 'output'))).toEqual(['shell-1.cast']);
    const events = readFileSync(join(folder, 'journal.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events.find(({ kind }) => kind === 'shell-closed')).toMatchObject({
      shellId: 'shell-1',
      exitCode: 3,
    });
    expect(events.find(({ kind }) => kind === 'note-added')?.text).toBe('first line\nand a second line');
    expect(run(['--incident-dir', incidents.folder, 'verify', id]).code).toBe(0);

    writeFileSync(join(folder, 'output', 'shell-1.cast'), 'nothing to see');
    const altered = run(['--incident-dir', incidents.folder, 'verify', id]);
    expect(altered.code).not.toBe(0);
    expect(altered.stdout).toContain('shell-1.cast');
  }, 120_000);

  test('to a recorded shell from line mode, and what is typed there is its own', async () => {
    const program = startPty(
      [...tourniquet, '--incident-dir', incidents.folder, 'drill', '--scenario', 'none', '--plain'],
      { environment: { TERM: 'dumb' } },
    );
    await program.waitFor('(?) >', 60_000);
    program.press('!\r');
    await program.waitFor('exit or Ctrl-D comes back', 30_000);
    await program.waitFor(/root@\S+#/);
    program.press('echo "1 + 1 = $((1 + 1))"\r');
    await program.waitFor('1 + 1 = 2');
    program.press('exit\r');
    await program.waitFor('Back from the shell', 30_000);
    program.press('note all is well\r');
    await program.waitFor('Noted.');
    program.press('q\r');
    expect(await program.waitExit(30_000)).toBe(0);
    const cast = readFileSync(join(incidents.folder, incidents.newest(), 'output', 'shell-1.cast'), 'utf8');
    expect(cast).toContain('1 + 1 = 2');
  }, 120_000);
});
