import { afterEach, describe, expect, it } from 'vitest';
import { KEYS } from './fake-terminal.ts';
import { endAll, start, toStep } from './start.ts';

afterEach(endAll);

describe('commands by name', () => {
  it('does what was picked, as its key would', async () => {
    const { terminal } = start();
    await terminal.see('Read what was found');
    terminal.type(':note');
    await terminal.see('write a note into the record');
    terminal.type(KEYS.enter);
    await terminal.see('never mind');
    terminal.type(`seen at the console${KEYS.enter}`);
    await terminal.see('Noted.');
  });

  it.each(['q', 'quit', 'exit', 'leave'])('takes :%s for leaving, and for no approval', async (typed) => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    const before = handle.commands.length;
    terminal.type(`:${typed}`);
    await terminal.see(/❯ q +leave/);
    terminal.type(KEYS.enter);
    await terminal.see('Leave?');
    expect(handle.commands).toHaveLength(before);
  });

  it('puts what ⏎ would do last, so that it is never picked by leaving the list as it is', async () => {
    const { terminal, handle } = start({ columns: 80, rows: 40 });
    await toStep(terminal, handle, 'block-c2');
    terminal.type(':');
    await terminal.see(/❯ \S+ +choose/);
    terminal.type('approve');
    await terminal.see(/❯ ⏎ +approve & run/);
  });

  it('says why a command cannot be had, and does nothing', async () => {
    const { terminal, handle } = start();
    await terminal.see('Read what was found');
    const before = handle.commands.length;
    terminal.type('\u0010undo');
    await terminal.see('not now: there is nothing in it that can be undone');
    terminal.type(KEYS.enter);
    await terminal.see('Not now: there is nothing in it that can be undone.');
    expect(handle.commands).toHaveLength(before);
  });

  it('goes away with esc, and says so when nothing is left', async () => {
    const { terminal } = start();
    await terminal.see('Read what was found');
    terminal.type(':zzz');
    await terminal.see('Nothing like that');
    terminal.type(KEYS.escape);
    await terminal.see('Read what was found');
  });
});

describe('find', () => {
  it('goes to a finding of another step', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    terminal.type('/kworkerds');
    await terminal.see(/❯ \d+ +\S*kworkerds/);
    terminal.type(KEYS.enter);
    await terminal.see(/❯.*kworkerds/);
  });

  it('finds by status', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    await handle.send({ kind: 'skip-step', stepId: 'block-c2', reason: 'the pool is down' });
    terminal.type('/skipped');
    await terminal.see(/1 │?\n?.*A step, finding|↷ +4 {2}Block/);
    terminal.type(KEYS.enter);
    await terminal.see('the pool is down');
  });
});

describe('the filter of the checklist', () => {
  it('shows the open steps, then what went wrong, then all again', async () => {
    const { terminal, handle } = start({ columns: 100, rows: 30 });
    await toStep(terminal, handle, 'block-c2');
    terminal.type('f');
    await terminal.see('Open steps');
    expect(terminal.screen()).not.toMatch(/✔ Look/);
    terminal.type('f');
    await terminal.see('None. f shows all again.');
    terminal.type('f');
    await terminal.see(/✔ Look/);
  });
});
