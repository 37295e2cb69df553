import { afterEach, describe, expect, it } from 'vitest';
import { Signals } from '../../src/tui/terminal/signals.ts';
import { KEYS } from './fake-terminal.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

function signals(settings?: ConstructorParameters<typeof Signals>[1], term?: string) {
  const sent: string[] = [];
  return { sent, signals: new Signals((bytes) => sent.push(bytes), settings, term) };
}

describe('what is sent beside the screen', () => {
  it('names the window and gives it its name back', () => {
    const { sent, signals: port } = signals();
    port.title('web-07\u001b]0;mine\u0007');
    port.title('web-07\u001b]0;mine\u0007');
    port.close();
    expect(sent).toEqual(['\u001b[22;2t\u001b]2;web-07\\x1b]0;mine\\x07\u0007', '\u001b[23;2t']);
  });

  it('rings and notifies, with nothing in it that ends the sequence', () => {
    const { sent, signals: port } = signals();
    port.attention('web-07; \u0007Isolate waits');
    expect(sent).toEqual([
      '\u0007',
      '\u001b]9;web-07, \\x07Isolate waits\u0007\u001b]777;notify;tourniquet;web-07, \\x07Isolate waits\u0007',
    ]);
  });

  it('copies, and says when it cannot', () => {
    const { sent, signals: port } = signals();
    expect(port.copy('10.0.0.9\n')).toBeNull();
    expect(sent).toEqual([`\u001b]52;c;${Buffer.from('10.0.0.9\n').toString('base64')}\u0007`]);
    expect(port.copy('')).toContain('nothing to copy');
    expect(port.copy('x'.repeat(60_000))).toContain('too much');
  });

  it('is wrapped for GNU screen, which keeps back the rest', () => {
    const { sent, signals: port } = signals(undefined, 'screen-256color');
    port.copy('abc');
    expect(sent).toEqual(['\u001bP\u001b]52;c;YWJj\u0007\u001b\\']);
  });

  it('can all be switched off', () => {
    const { sent, signals: port } = signals({ title: false, bell: false, notify: false, clipboard: false });
    port.title('x');
    port.attention('x');
    expect(port.copy('x')).toContain('switched off');
    port.close();
    expect(sent).toEqual([]);
  });
});

describe('on the screen', () => {
  it('calls when work of more than ten seconds has ended', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal, setMs } = start({ handle });
    await toStep(terminal, handle, 'update');
    expect(terminal.bells).toBe(0);
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    setMs(OPENED_MS + 600_000);
    handle.releaseAll();
    await terminal.seeNot('Doing: run-command');
    await terminal.until(() => terminal.bells === 1);
    expect(terminal.title).toContain('web-07');
  });

  it('copies, numbers and saves an output', async () => {
    const saved: string[] = [];
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({
      handle,
      callbacks: {
        saveOutput: async (_handle, operationId, path) => {
          saved.push(`${operationId} ${path}`);
          return `/root/${path}`;
        },
      },
    });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    handle.print('update.1.1', ['first line', 'second line'], null);
    await terminal.see('second line');
    terminal.type('o');
    await terminal.see('line 1 to 2 of 2');
    terminal.type('l');
    await terminal.see(/1 first line\s+2 second line/);
    terminal.type('y');
    await terminal.see('were sent to the clipboard');
    expect(terminal.clipboard).toBe('first line\nsecond line\n');
    terminal.type(`supgrade.txt${KEYS.enter}`);
    await terminal.see('Saved, as it came: /root/upgrade.txt');
    expect(saved).toEqual(['update.1.1 upgrade.txt']);
  });
});

describe('links', () => {
  it('lead from a technique to its page, where the terminal has them', async () => {
    const plain = start();
    await plain.terminal.see('Read what was found');
    plain.terminal.type('i');
    await plain.terminal.see('Why');
    expect(plain.terminal.written).not.toContain('\u001b]8;');
    const linked = start({ environment: { TERM: 'xterm-kitty' } });
    await linked.terminal.see('Read what was found');
    linked.terminal.type('i');
    await linked.terminal.see(/T\d{4}/);
    expect(linked.terminal.written).toMatch(/\u001b\]8;;https:\/\/attack\.mitre\.org\/techniques\/T\d{4}/);
    expect(linked.terminal.screen()).toBe(plain.terminal.screen());
  });
});
