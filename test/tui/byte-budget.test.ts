import { afterEach, describe, expect, it } from 'vitest';
import { KEYS } from './fake-terminal.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

describe.each([
  [80, 24, 800],
  [200, 50, 2200],
])('bytes at %i×%i', (columns, rows, mostForScrolling) => {
  it('are under 200 for a move of the cursor', async () => {
    const { terminal, handle } = start({ columns, rows });
    await toStep(terminal, handle, 'block-c2');
    await terminal.see(
      (screen) => screen.includes('❯[x] 203.0.113.9:3333') && screen.includes('approve & run'),
    );
    const before = terminal.written.length;
    terminal.type(KEYS.down);
    await terminal.see('❯[ ] 203.0.113.10:80');
    expect(terminal.written.length - before).toBeLessThan(200);
  });

  it('are under 60 for a second that passes', async () => {
    const { terminal, setMs } = start({ columns, rows });
    await terminal.see((screen) => screen.includes('00:07:41') && screen.includes('Read what was found'));
    const before = terminal.written.length;
    setMs(OPENED_MS + 462_000);
    await terminal.see('00:07:42');
    expect(terminal.written.length - before).toBeLessThan(60);
    // Behind each frame the terminal is asked whether it has arrived: that there was no frame shows here.
    expect(terminal.written.slice(before)).not.toContain('\u001b[5n');
    // The next frame, of a key, is drawn over the clock as it stands.
    terminal.type('?');
    await terminal.see((screen) => screen.includes('esc back') && screen.includes('00:07:42'));
  });

  it('are few for a move that scrolls', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({ columns, rows, handle });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    const lines = Array.from(
      { length: 200 },
      (_, n) => `Get:${n} http://deb.example/ package-${n} [${n * 7} kB]`,
    );
    handle.print('update.1.1', lines);
    await terminal.see('package-199');
    terminal.type('o');
    await terminal.see('199 http');
    terminal.type(KEYS.home);
    await terminal.see('Get:0 ');
    const before = terminal.written.length;
    terminal.type('j');
    await terminal.seeNot('Get:0 ');
    expect(terminal.written.length - before).toBeLessThan(mostForScrolling);
  });
});
