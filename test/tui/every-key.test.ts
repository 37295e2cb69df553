import { afterAll, describe, test } from 'vitest';
import { CHECKLIST_KEYS } from '../../src/tui/keys/keymap.ts';
import { KeyWalk, type Screen } from './key-walk.ts';
import { homeKeys, overlayKeys } from './keys-that-act.ts';

/** The footer of the checklist: nothing lies over it any more. */
const BACK = /\? help {3}q leave/;

/** Every screen and every key of every one, in a real terminal. A key without a case fails the test. */
const walks: KeyWalk[] = [];
afterAll(() => {
  for (const { program } of walks) program?.kill('SIGKILL');
});

describe.each([
  [80, 24],
  [120, 40],
  [60, 16],
])('every key at %i×%i', (columns, rows) => {
  const walk = new KeyWalk(columns, rows);
  walks.push(walk);
  const key = (screen: Screen) => (name: string, wanted?: string | RegExp) => walk.key(screen, name, wanted);

  test('of the first screen', async () => {
    const home = key('home');
    await walk.open('home', 'goes on with web-07-20261123-0412');
    walk.shot('home');
    await home('down', 'reads along with');
    await home('j', '⏎ Respond on this host');
    await home('k', 'reads along with');
    await home('up', 'goes on with');
    await home('G', 'which is closed');
    await home('g', 'goes on with');
    await home('end', 'which is closed');
    await home('home', 'goes on with');
    await home('f', 'Open, nobody at it');
    await home('f', 'Somebody is at it');
    await home('f', '20261001');
    walk.shot('home, only the closed');
    await home('escape', 'Open incidents');
    await home('/', /^ \/ ▏/m);
    await walk.type('zz', 'Nothing like that');
    walk.shot('home, finding');
    await home('escape', 'Open incidents');
    await home('?', 'Keys');
    walk.shot('home, help');
    await home('escape', 'Open incidents');
    await walk.repainted('home', 'ctrl+l');
    await walk.repainted('home', 'ctrl+z');
    await home('2', '20261101-1200 cannot be read here');
    await home('3', 'Which playbook?');
    walk.shot('home, which playbook');
    await home('escape', 'Start');
    await home('4', /^ ssh ▏/m);
    await walk.type('two words\r', 'no blanks');
    walk.shot('home, another host');
    await home('escape', '⏎ Respond on another host');
    await home('5', 'Practise what?');
    walk.shot('home, practise what');
    await home('q', 'Start');
    await home('6', 'The sandbox cannot be made');
    walk.shot('home, could not be started');
    await home('7', '20261001-0900 cannot be read here');
    await home('g', 'goes on with');
    await home('enter', 'Read what was found');
    walk.program.kill('SIGKILL');
    await walk.open('home', 'goes on with');
    await home('1', 'Read what was found');
    walk.program.kill('SIGKILL');
    for (const end of ['q', 'ctrl+c']) {
      await walk.open('home', 'goes on with');
      await walk.ends('home', end);
    }
    walk.covers('home', await homeKeys());
  }, 120_000);

  test('of an incident, from its first step to its end', async () => {
    const [list, form, menu, pick] = [key('checklist'), key('form'), key('menu'), key('pick')];
    const [item, help, pager] = [key('item'), key('help'), key('pager')];
    await walk.open('slow', 'Read what was found');
    walk.shot('look');

    // Moving, first within what the screen shows, then through what it cannot show at once.
    for (const [there, back] of [
      ['down', 'up'],
      ['j', 'k'],
      ['G', 'g'],
      ['end', 'home'],
    ] as const)
      await walk.pair('checklist', there, back);
    await list('w');
    walk.shot('all of why');
    for (const [there, back] of [
      ['pagedown', 'pageup'],
      ['ctrl+f', 'ctrl+b'],
    ] as const)
      await walk.pair('checklist', there, back);
    await list('w');
    for (const [there, back] of [
      ['right', 'left'],
      ['tab', 'shift+tab'],
    ] as const)
      await walk.pair('checklist', there, back);
    await list('tab');
    await list('down');
    await list('escape');

    // What lies over it.
    await list('j');
    await list('i', /┌ Why /);
    walk.shot('why');
    await item('y', 'Sent to the clipboard: kworkerds (812)');
    await item('up');
    await anywhere('item');
    if (rows < 40) {
      for (const [there, back] of [
        ['down', 'up'],
        ['j', 'k'],
        ['pagedown', 'pageup'],
      ] as const)
        await walk.pair('item', there, back);
      for (const [there, back] of [
        ['ctrl+f', 'ctrl+b'],
        ['G', 'g'],
        ['end', 'home'],
      ] as const)
        await walk.pair('item', there, back);
    }
    await item('n', 'What should whoever reads this know?');
    await form('escape');
    for (const name of ['escape', 'enter', 'i', '?', 'q', 'ctrl+c', 'left']) {
      await list('i', /┌ Why /);
      await item(name, BACK);
    }
    await list('y', 'Sent to the clipboard');
    await list('?', ' Keys');
    walk.shot('help');
    await anywhere('help');
    for (const [there, back] of [
      ['down', 'up'],
      ['j', 'k'],
      ['pagedown', 'pageup'],
    ] as const)
      await walk.pair('help', there, back);
    for (const [there, back] of [
      ['ctrl+f', 'ctrl+b'],
      ['G', 'g'],
      ['end', 'home'],
    ] as const)
      await walk.pair('help', there, back);
    await help('n', 'What should whoever reads this know?');
    await form('escape', BACK);
    await list('?', ' Keys');
    await help('/', 'A command by its name');
    await pick('escape', BACK);
    for (const name of ['escape', 'enter', 'i', '?', 'q', 'ctrl+c', 'left']) {
      await list('?', ' Keys');
      await help(name, BACK);
    }

    // Lists that shrink while one types.
    await list(':', 'A command by its name');
    walk.shot('commands');
    await anywhere('pick');
    for (const [there, back] of [
      ['down', 'up'],
      ['ctrl+n', 'ctrl+p'],
      ['pagedown', 'pageup'],
    ] as const)
      await walk.pair('pick', there, back);
    await pick('n', ': n▏');
    walk.tried.get('pick')?.add('text');
    await editing('pick');
    await pick('ctrl+c', BACK);
    await list('ctrl+p', 'A command by its name');
    await pick('escape', BACK);
    await list('/', /^ \/ ▏/m);
    walk.shot('find');
    await walk.type('kworkerds', /\/ kworkerds▏/);
    await pick('enter', BACK);
    await list('f', 'Open steps');
    await list('f', 'Went wrong');
    await list('f', 'Checklist');

    // Forms.
    await list('n', 'What should whoever reads this know?');
    walk.shot('note');
    await anywhere('form');
    await form('a', '❯ a▏');
    walk.tried.get('form')?.add('text');
    await editing('form');
    await form('ctrl+o', 'Noted.');
    await list('n', 'What should whoever reads this know?');
    await form('enter', 'the note is empty');
    await form('ctrl+c', BACK);
    await list('e', 'who may still connect');
    walk.shot('inputs');
    await walk.type('x', 'not yet:');
    walk.shot('inputs, not yet right');
    await form('backspace', /^ ✔ /m);
    await form('enter', 'ticket number');
    await walk.pair('form', 'up', 'down');
    await walk.pair('form', 'shift+tab', 'tab');
    await form('escape', BACK);
    await list('G');
    await list('g');
    for (const [name, words] of [
      ['s', 'Skip “Look”'],
      ['m', 'Done by hand'],
      ['d', 'This is ours'],
    ] as const) {
      await list(name, words);
      walk.shot(`key ${name}`);
      await form('escape', BACK);
    }
    await list('t', 'Transcript written');
    await list('G');
    await list('g');
    await anywhere('checklist');
    await list('!', 'in the shell');
    await walk.type('\r', 'Back from the shell');
    for (const name of ['q', 'ctrl+c']) {
      await list(name, 'Leave?');
      await menu(name === 'q' ? 'escape' : 's', BACK);
    }
    await list('q', 'Leave?');
    walk.shot('leave');
    await anywhere('menu');
    await menu('escape', BACK);

    // Through the steps.
    await list('enter', 'collect-process, archive-files');
    await list('enter', 'isolate-host');
    await list('enter', 'You are still connected?');
    walk.shot('confirmation');
    await list('enter', 'does 1 operation (block-address)');
    walk.shot('plan');
    await list('down');
    await list('space', '2 of 3 chosen');
    await list('a', '0 of 3 chosen');
    await list('a', '2 of 3 chosen');
    await list('r');
    // Enter is no answer before the new plan is there.
    await walk.program.until('the plan made anew', (text) => text.includes('does 2 operations'));
    await list('enter', 'asks you to type “kill”');
    walk.shot('cannot be undone');
    await openStep('Block C2');
    await list('u', 'Undo “Block C2”?');
    walk.shot('undo');
    for (const [there, back] of [
      ['down', 'up'],
      ['tab', 'shift+tab'],
    ] as const)
      await walk.pair('menu', there, back);
    await walk.pair('menu', 'j', 'down');
    await menu('k', BACK);
    await list('u', 'Undo “Block C2”?');
    await menu('ctrl+c', BACK);
    await list('u', 'Undo “Block C2”?');
    await menu('enter', BACK);
    await list('o', 'what 2 printed');
    walk.shot('output of a step');
    await pager('[', 'what 1 printed');
    await pager(']', 'what 2 printed');
    await pager('escape', BACK);
    await list('u', 'Undo “Block C2”?');
    await menu('y', 'Undone');
    walk.shot('undone');
    await list('escape', 'asks you to type “kill”');
    await list('enter', 'Type kill to approve');
    await walk.type('kx', 'not yet');
    walk.shot('the word');
    await form('backspace');
    await walk.type('ill\r', 'quarantine-file');
    await list('enter', 'run-command)');
    await list('enter', 'Doing: run-command');
    walk.shot('running');

    // The output of what runs, a hundred thousand lines.
    await list('o', '100 %');
    walk.shot('output');
    await pager('G');
    await anywhere('pager');
    for (const [there, back] of [
      ['g', 'G'],
      ['home', 'end'],
      ['k', 'j'],
      ['up', 'down'],
    ] as const)
      await walk.pair('pager', there, back);
    for (const [there, back] of [
      ['b', 'space'],
      ['ctrl+b', 'ctrl+f'],
      ['pageup', 'pagedown'],
    ] as const)
      await walk.pair('pager', there, back);
    await walk.pair('pager', 'up', 'enter');
    await walk.pair('pager', 'l', 'l');
    await walk.pair('pager', 't', 't');
    await walk.pair('pager', 'w', 'w');
    await walk.pair('pager', 'right', 'left');
    await pager('f', 'following');
    await pager('y', 'were sent to the clipboard');
    await pager('s', 'save as');
    await walk.type('out.txt\r', 'Saved, as it came: out.txt');
    await pager('g', /line 1 to/);
    for (const name of ['n', 'N']) {
      await pager(name, /^ \/ ▏/m);
      await walk.type('\u001b', /line \d+ to/);
    }
    await pager('/', /^ \/ ▏/m);
    await walk.type('package-777\r', '❯Get:777 ');
    walk.shot('output, searched');
    await pager('n', '❯Get:7770 ');
    await pager('N', '❯Get:777 ');
    for (const name of ['q', 'o', 'ctrl+c']) {
      await pager(name, 'Doing: run-command');
      await list('o', '100 %');
    }
    await pager('escape', 'Doing: run-command');
    await list('q', 'Leave after it');
    walk.shot('leave while something runs');
    await menu('escape', 'Doing: run-command');
    await list('c', 'Failed:');
    walk.shot('failed');
    await list('l', 'This is for you to do, by hand');
    walk.shot('by hand');
    await list('enter', 'Done by hand: Tell');
    await walk.type('ben\r', /2 of 2$/m);
    await walk.type('rebuild\r', 'watches for');
    walk.shot('watch');
    await list('enter', 'The list is through');
    walk.shot('end');
    await list('x', 'How did it end?');
    walk.shot('close');
    await form('enter', 'The incident is closed');
    walk.shot('closed');
    await walk.ends('checklist', 'enter');
    await walk.open('slow', 'Read what was found');
    await list('q', 'Leave?');
    await walk.ends('menu', 'l');

    walk.covers(
      'checklist',
      CHECKLIST_KEYS.flatMap(({ keys }) => keys),
    );
    walk.covers('form', await overlayKeys('form', ['n']));
    walk.covers('form', await overlayKeys('form', ['e']));
    walk.covers('menu', await overlayKeys('menu', ['q']));
    walk.covers('pick', await overlayKeys('pick', [':']));
    if (rows < 40) walk.covers('item', await overlayKeys('item', ['i']));
    walk.covers('help', await overlayKeys('help', ['?']));
    walk.covers('pager', await overlayKeys('pager', ['enter', 'left', 'up', 'o']));
    await walk.kept();

    async function anywhere(screen: Screen) {
      for (const name of ['ctrl+l', 'ctrl+z']) await walk.repainted(screen, name);
    }

    /** From a field that holds one character to one that holds one again. */
    async function editing(screen: 'form' | 'pick') {
      const edit = key(screen);
      await edit('left');
      await edit('right');
      for (const back of ['home', 'ctrl+a']) {
        await edit(back);
        await edit(back === 'home' ? 'end' : 'ctrl+e');
      }
      await edit('backspace');
      await edit('b');
      await edit('ctrl+u');
      await edit('c');
      await edit('ctrl+w');
      await edit('d');
      await edit('home');
      await edit('ctrl+k');
      await edit('e');
      await edit('home');
      await edit('delete');
      await edit('f');
    }

    /** With the cursor in the checklist, up to the step of that name. */
    async function openStep(title: string) {
      await list('left');
      await list('up', new RegExp(`4 {2}${title}|❯✔ ${title}`));
    }
  }, 180_000);
});
