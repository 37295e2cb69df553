import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { castOfTypescript } from '../../src/transcript/cast-of-typescript.ts';
import { asciinemaPlayer } from '../support/asciinema-player.ts';
import { startBrowser } from '../support/browser.ts';
import { HOSTILE, incidentWith } from './hostile.ts';

/** Recordings played by asciinema's own player, whose terminal is the one of asciinema itself. */
let browser: Browser;
let folder: string;
let page: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tourniquet-player-'));
  page = join(folder, 'player.html');
  const { script, style } = asciinemaPlayer();
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>${style}</style><div id="player"></div><script>${script.replaceAll('</script', '<\\/script')}</script>`,
  );
  browser = await startBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Plays it to its end: what was on the screen when `last` came, the marks that were passed, what it complained of. */
async function played(cast: string, last: string) {
  const shown = await browser.newPage();
  const complaints: string[] = [];
  shown.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  shown.on('pageerror', (error) => complaints.push(error.message));
  shown.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  shown.on('request', (request) => complaints.push(`request ${request.url()}`));
  await shown.goto(`file://${page}`);
  complaints.length = 0;
  const marks: string[] = await shown.evaluate(`(${PLAY})(${JSON.stringify(cast)})`);
  const text = '(document.getElementById("player").innerText)';
  await shown.waitForFunction(`${text}.includes(${JSON.stringify(last)})`, undefined, { timeout: 30_000 });
  const screen: string = await shown.evaluate(text);
  await shown.close();
  return { marks, screen, complaints };
}

/** In the page; the player's interface: docs.asciinema.org/manual/player/api. */
const PLAY = `async (data) => {
  const marks = [];
  const options = { speed: 500, idleTimeLimit: 0.01 };
  const player = AsciinemaPlayer.create({ data }, document.getElementById('player'), options);
  const ended = new Promise((resolve) => player.addEventListener('ended', resolve));
  player.addEventListener('marker', ({ label }) => marks.push(label));
  await player.play();
  await ended;
  // What comes in the same frame as the end is not painted otherwise.
  await player.seek('100%');
  return marks;
}`;

test('the drill plays from its first line to its last, with a mark at each step', async () => {
  const cast = readFileSync(join(import.meta.dirname, 'fixtures/noisy-drill.cast'), 'utf8');
  const { marks, screen, complaints } = await played(cast, 'left: undo finished');
  expect(marks.slice(0, 3)).toEqual([
    'Step 1 of 10: Look',
    'Step 2 of 10: Snapshot',
    'Step 3 of 10: Isolate',
  ]);
  expect(screen).toContain('Step 3 of 10: Isolate');
  expect(complaints).toEqual([]);
}, 180_000);

test('whatever a host has said, it is only shown', async () => {
  const { incident, records, context } = incidentWith(`marker ${HOSTILE.join(' ')}`);
  const { screen, complaints } = await played(renderAsciicast(incident, records, context), 'left');
  expect(screen).toContain('marker');
  expect(complaints).toEqual([]);
}, 180_000);

test('a recorded shell plays with its colours and characters', async () => {
  const typed = 'Script started\n\u001b[31m$ \u001b[0mecho grün\r\ngrün\r\n$ exit\r\n';
  const bytes = Buffer.from(typed);
  const context = { columns: 60, rows: 10, startedMs: 1_795_406_400_000, title: 'shell-1' };
  const cast = castOfTypescript(bytes, `0.5 7\n1.25 ${bytes.length}\n`, context);
  const { screen, complaints } = await played(cast, '$ exit');
  expect(screen).toMatch(/^\$\s+echo grün\s+grün\s+\$ exit/);
  expect(complaints).toEqual([]);
}, 180_000);
