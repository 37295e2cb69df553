import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Incidents, run, tourniquet } from '../end-to-end/program.ts';
import { startPty } from '../support/pty.ts';

/** A terminal that could show screens, and somebody who wants text and nothing else. */
const config = mkdtempSync(join(tmpdir(), 'tourniquet-plain-'));
let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(async () => {
  await incidents.end();
  rmSync(config, { recursive: true });
});

const TELL = `name: tell
title: Tell the owner
summary: Who must know
platform: linux
steps:
  - id: tell
    name: Tell the owner
    why: Whoever owns it decides.
    manual:
      do: [Call the owner.]
      record: [Who was called]
`;

const CONTROL = '\u001b';
const start = (environment: Record<string, string>, ...args: string[]) =>
  startPty([...tourniquet, '--incident-dir', incidents.folder, ...args], { environment, rows: 40 });

describe('text and nothing else', () => {
  test('for INK_SCREEN_READER, from the first question until it is left, with no control sequence', async () => {
    const playbook = join(config, 'tell.yaml');
    writeFileSync(playbook, TELL);
    const program = start({ INK_SCREEN_READER: 'true' }, 'run', playbook);
    await program.waitFor(/\(q\)uit[^>]*>/, 30_000);
    program.press('q\r');
    await program.waitExit(30_000);
    expect(program.sent()).not.toContain(CONTROL);
    expect(program.text()).toContain('goes on from here');
    expect(program.sent()).toContain(`--incident-dir ${incidents.folder}`);
  }, 180_000);

  test('for the setting, and the home screen says which commands there are instead', async () => {
    const environment = { XDG_CONFIG_HOME: config };
    expect(run(['settings', 'plain', 'true'], environment).code).toBe(0);
    const program = start({ ...environment, npm_command: 'exec' });
    expect(await program.waitExit()).toBe(2);
    expect(program.text()).toContain('npx tourniquet run');
    expect(program.text()).toContain('goes on with what is open');
    expect(program.text()).not.toContain('Open incidents');
    expect(run(['settings', 'plain', 'perhaps'], environment).code).toBe(2);
  });

  test('is not what anything else in that variable means', async () => {
    const program = start({ INK_SCREEN_READER: 'false' });
    await program.waitFor('Practise');
    program.press('q');
    expect(await program.waitExit()).toBe(0);
  });
});
