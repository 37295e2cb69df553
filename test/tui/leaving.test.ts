import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/text/user-error.ts';
import type { StartChoice } from '../../src/tui/home/home-model.ts';
import { KEYS } from './fake-terminal.ts';
import { HOME } from './home-fixture.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

describe('leaving', () => {
  it('asks, and stays unless leaving is chosen', async () => {
    const { terminal, handle, result } = start();
    await terminal.see('Read what was found');
    terminal.type('q');
    await terminal.see('tourniquet resume web-07-20261123-0412 goes on');
    terminal.type(KEYS.enter);
    await terminal.seeNot('Leave?');
    expect(handle.leaveReasons).toEqual([]);
    terminal.type(KEYS.ctrlC);
    await terminal.see('Leave?');
    terminal.type(KEYS.ctrlC);
    expect(await result).toMatchObject({ kind: 'left', handle, transcriptPath: null });
    expect(handle.leaveReasons).toEqual(['the responder left']);
  });

  it('offers to stop what is running', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal, result } = start({ handle });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    terminal.type('q');
    await terminal.see('x  Stop it and leave');
    terminal.type('x');
    expect((await result).kind).toBe('left');
    expect(handle.sent('cancel')).toHaveLength(1);
  });

  it('stops what is running with c', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    terminal.type('c');
    await terminal.see('Failed: stopped by the responder.');
  });

  it('leaves the incident in order when the line is gone', async () => {
    const listeners = process.listenerCount('SIGTERM');
    const { terminal, handle, result } = start();
    await terminal.see('Read what was found');
    terminal.hangUp();
    expect((await result).kind).toBe('hangup');
    expect(handle.leaveReasons).toEqual(['the terminal is gone']);
    expect(process.listenerCount('SIGTERM')).toBe(listeners);
  });

  it('leaves the incident in order on SIGHUP', async () => {
    const { terminal, handle, result } = start();
    await terminal.see('Read what was found');
    process.kill(process.pid, 'SIGHUP');
    expect((await result).kind).toBe('hangup');
    expect(handle.leaveReasons).toEqual(['the terminal is gone']);
  });

  it('says why nothing more can be done, and leaves without asking then', async () => {
    const { terminal, handle, result } = start();
    await terminal.see('Read what was found');
    handle.stop('the journal cannot be written: no space left on device');
    await terminal.see('Stopped: the journal cannot be written: no space left on device.');
    await terminal.see('journal ✘');
    terminal.type(KEYS.enter);
    terminal.type('q');
    expect((await result).kind).toBe('left');
  });
});

describe('answering too soon', () => {
  it('does not take ⏎ for an answer to a question that nobody can have read', async () => {
    const { terminal, handle, setMs } = start({ settleMs: 250 });
    await terminal.see('Read what was found');
    terminal.type(KEYS.enter);
    await terminal.see('⏎ once more if you mean it');
    expect(handle.commands).toEqual([]);
    setMs(Date.UTC(2026, 10, 23, 5, 0, 0));
    terminal.type(KEYS.enter);
    await terminal.see('⏎ does 2 operations');
    terminal.type(KEYS.enter);
    await terminal.see('⏎ once more if you mean it');
    expect(handle.sent('approve-plan')).toHaveLength(1);
  });

  it('takes a paste for text and never for keys', async () => {
    const { terminal, handle } = start();
    await terminal.see('Read what was found');
    terminal.paste('s\rq\r\r');
    await terminal.see('Pasted text is not taken here');
    expect(handle.commands).toEqual([]);
  });
});

describe('the home screen', () => {
  it('is there before Ink is, which then has nothing to change', async () => {
    const { terminal } = start({ home: HOME });
    await terminal.see('Practise');
    terminal.type('?');
    await terminal.see('If you have never met a miner');
    terminal.type(KEYS.escape);
    await terminal.see('Practise');
    // One page, one picture; bracketed paste is switched on when Ink has come.
    expect(terminal.written.split('\u001b[?1049h')).toHaveLength(2);
    expect(terminal.written.indexOf('Look only')).toBeLessThan(terminal.written.indexOf('\u001b[?2004h'));
    expect(terminal.written.slice(0, terminal.written.indexOf('Keys')).split('Look only')).toHaveLength(2);
  });

  it('leaves the terminal as it was if it goes away before Ink is there', async () => {
    const { terminal, result } = start({ home: HOME });
    await terminal.see('Practise');
    terminal.hangUp();
    expect((await result).kind).toBe('hangup');
    expect(terminal.isRaw).toBe(false);
  });

  it('goes on with an incident', async () => {
    const { terminal } = start({ home: HOME });
    await terminal.see('Open incidents');
    terminal.type(KEYS.enter);
    await terminal.see('Read what was found');
  });

  it('starts a playbook that was found by typing', async () => {
    const choices: StartChoice[] = [];
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS });
    const { terminal } = start({
      home: HOME,
      handle,
      callbacks: {
        startIncident: async (choice) => {
          choices.push(choice);
          return handle;
        },
      },
    });
    await terminal.see('Start');
    terminal.type('/');
    terminal.type('respond on this');
    await terminal.seeNot('Practise');
    terminal.type(`${KEYS.enter}`);
    await terminal.see('Which playbook?');
    terminal.type(KEYS.enter);
    await terminal.see('Read what was found');
    expect(choices).toEqual([{ id: 'here', playbookPath: '/p/cryptominer-linux.yaml', address: null }]);
  });

  it('starts the scenario of a drill by its number', async () => {
    const choices: StartChoice[] = [];
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS });
    const { terminal } = start({
      home: HOME,
      handle,
      callbacks: {
        startIncident: async (choice) => {
          choices.push(choice);
          return handle;
        },
      },
    });
    await terminal.see('Practise');
    // Two open incidents come first; a number beyond the list does nothing.
    terminal.type('95');
    await terminal.see('Practise what?');
    await terminal.see('a loud miner: begin here');
    terminal.type('2');
    await terminal.see('Read what was found');
    expect(choices).toEqual([{ id: 'drill', playbookPath: null, address: null, scenario: 'hides' }]);
  });

  it('asks for the other host, and takes nothing that ssh could take for an option', async () => {
    const choices: StartChoice[] = [];
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS });
    const { terminal } = start({
      home: HOME,
      handle,
      callbacks: {
        startIncident: async (choice) => {
          choices.push(choice);
          return handle;
        },
      },
    });
    await terminal.see('Start');
    terminal.type(`/another${KEYS.enter}`);
    await terminal.see('as you would type it after ssh');
    terminal.type(`-oProxyCommand=x${KEYS.enter}`);
    await terminal.see('That is not a host');
    terminal.type(`\u0015root@web-08${KEYS.enter}`);
    await terminal.see('Which playbook?');
    terminal.type(KEYS.enter);
    await terminal.see('Read what was found');
    expect(choices).toEqual([
      { id: 'remote', playbookPath: '/p/cryptominer-linux.yaml', address: 'root@web-08' },
    ]);
  });

  it('says what went wrong and what to do, and lets choose again', async () => {
    const { terminal, result } = start({
      home: HOME,
      callbacks: {
        startIncident: async () => {
          throw new UserError('no-namespaces', 'The sandbox cannot be made: user namespaces are off.', {
            hint: 'Run it as root.',
          });
        },
      },
    });
    await terminal.see('Start');
    terminal.type(KEYS.down.repeat(4));
    await terminal.see('❯ Practise');
    terminal.type(`${KEYS.enter}`);
    await terminal.see('Practise what?');
    terminal.type(KEYS.enter);
    await terminal.see('The sandbox cannot be made: user namespaces are off. Run it as root.');
    terminal.type(KEYS.escape);
    await terminal.see('❯ web-07-20261123-0412');
    terminal.type('?');
    await terminal.see('begin with Practise');
    terminal.type(KEYS.escape);
    await terminal.see('Open incidents');
    terminal.type('q');
    expect(await result).toMatchObject({ kind: 'left', handle: null });
  });
});

describe('bytes', () => {
  it('costs little to move the cursor or to let a second pass', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    await terminal.see(
      (screen) => screen.includes('❯[x] 203.0.113.9:3333') && screen.includes('approve & run'),
    );
    const before = terminal.written.length;
    terminal.type(KEYS.down);
    await terminal.see('❯[ ] 203.0.113.10:80');
    expect(terminal.written.length - before).toBeLessThan(450);
    const moved = terminal.written.length;
    handle.setOutput('nothing', 'changes');
    terminal.type('x');
    await terminal.see('x: steps are still to be done or skipped.');
    expect(terminal.written.length - moved).toBeLessThan(200);
  });
});
