import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { KEYS } from './fake-terminal.ts';
import { HOME } from './home-fixture.ts';
import { CONFIRM_BEFORE, FINDINGS, HOST, script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

const golden = (name: string) => `./screens/${name}.txt`;
const SIZES = [
  [80, 24],
  [120, 40],
  [60, 16],
  [40, 10],
] as const;

describe('the screens as they look', () => {
  for (const [columns, rows] of SIZES) {
    it(`shows a plan at ${columns}×${rows}`, async () => {
      const { terminal, handle } = start({ columns, rows });
      await toStep(terminal, handle, 'block-c2');
      await terminal.see('approve & run');
      await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden(`plan-${columns}x${rows}`));
      expect(terminal.scrolled).toBe(0);
    });
  }

  it('shows the home screen, and the playbooks to choose from', async () => {
    const { terminal } = start({ home: HOME });
    await terminal.see('goes on with web-07-20261123-0412');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('home-80x24'));
    terminal.type(`${KEYS.down}${KEYS.down}${KEYS.enter}`);
    await terminal.see('Which playbook?');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('home-playbooks-80x24'));
  });

  it('shows work under way with its output, a bar and the time', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    const lines = Array.from({ length: 12 }, (_, index) => `Unpacking package ${index}`);
    handle.print('update.1.1', lines, { done: 12_000_000, total: 48_000_000, unit: 'bytes' });
    await terminal.see('Unpacking package 11');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('running-80x24'));
  });

  it('shows the isolation waiting to be confirmed', async () => {
    const { terminal, handle, setMs } = start();
    setMs(CONFIRM_BEFORE - 42_000);
    await toStep(terminal, handle, 'isolate');
    terminal.type(KEYS.enter);
    await terminal.see('within 42 s keeps it');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('confirmation-80x24'));
  });

  it('shows the host while it is watched, with small charts', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['watch:watch'] });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'watch');
    terminal.type(KEYS.enter);
    await terminal.see('Watching ·');
    const { activity } = handle.view();
    if (activity === null) throw new Error('nothing is going on');
    const vitals = [92, 95, 88, 12, 4, 3, 5, 2, 3, 4, 2, 3].map((busyPercent, at) => ({
      atMs: OPENED_MS + at * 30_000,
      busyPercent,
      connections: at < 3 ? 6 : 2,
      droppedPackets: at % 4 === 1 ? 14 : 0,
    }));
    handle.look({ activity: { ...activity, vitals } });
    await terminal.see('While it is watched');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('watch-80x24'));
  });

  it('shows a colleague’s incident, read only, as it goes on', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'update');
    handle.look({
      isFollowing: true,
      question: null,
      // In the words of runner/follow-incident.ts.
      stopped:
        'ana (process 4242 on web-07) is at it, and you read along. `tourniquet resume web-07-20261123-0412 --take-over REASON` takes it over.',
    });
    await terminal.see('READ-ONLY');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('following-80x24'));
    handle.happen({ kind: 'note-added', stepId: null, text: 'from ana, at the other keyboard' });
    await terminal.see(`journal ✔  ${handle.view().incident.seq}`);
  });

  it('shows the end with what is still open', async () => {
    const handle = new ScriptedHandle(script({ host: { ...HOST, isDrill: true } }), { nowMs: OPENED_MS });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'block-c2');
    await handle.send({ kind: 'skip-step', stepId: 'block-c2', reason: 'the pool is down' });
    await toStep(terminal, handle, 'watch');
    terminal.type(KEYS.enter);
    await terminal.see('The list is through');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('end-80x24'));
  });

  it('explains every key, and why one does nothing now', async () => {
    const { terminal } = start({ rows: 60 });
    await terminal.see('Read what was found');
    terminal.type('?');
    await terminal.see('Marks');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('help-80x60'));
  });

  it('lists every command, and why one cannot be had now', async () => {
    const { terminal } = start();
    await terminal.see('Read what was found');
    terminal.type(':');
    await terminal.see('A command by its name');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('commands-80x24'));
  });

  it('finds steps, findings and operations', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    terminal.type('/');
    await terminal.see('A step, finding or operation');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('find-80x24'));
  });

  it('gives what was found the room first, and the whole of what a step is for with w', async () => {
    const base = script();
    const why = 'Until the host is cut off, whoever controls the miner can fetch it again. '.repeat(10);
    const steps = base.playbook.steps.map((step) => (step.id === 'block-c2' ? { ...step, why } : step));
    const handle = new ScriptedHandle(script({ playbook: { ...base.playbook, steps } }), {
      nowMs: OPENED_MS,
    });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'block-c2');
    await terminal.see('w shows all');
    await terminal.see('Checked after');
    terminal.type('w');
    await terminal.seeNot('w shows all');
    terminal.type('w');
    await terminal.see('Checked after');
  });

  it('shows why something was found', async () => {
    const { terminal } = start({ columns: 120, rows: 40 });
    await terminal.see('Read what was found');
    terminal.type(`${KEYS.down}i`);
    await terminal.see('talks to a mining pool: 203.0.113.9 port 3333');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('why-120x40'));
  });
});

describe('what the screens never do', () => {
  it('writes no colour with NO_COLOR, and says everything in words and marks', async () => {
    const { terminal, handle } = start({ environment: { NO_COLOR: '1' } });
    await toStep(terminal, handle, 'kill');
    await terminal.see('irreversible · undo');
    expect(terminal.written).not.toMatch(/\u001b\[[\d;]*m/);
    expect(terminal.screen()).toContain('❯[x] kworkerds (812)');
  });

  it('writes nothing but ASCII where the terminal has no more', async () => {
    const { terminal, handle } = start({ environment: { LANG: 'C', LC_ALL: 'C' } });
    await toStep(terminal, handle, 'block-c2');
    await terminal.see('Enter approve & run');
    await expect(`${terminal.screen()}\n`).toMatchFileSnapshot(golden('ascii-80x24'));
    terminal.type('?');
    await terminal.see(/v \d+ \+/);
    terminal.type('G');
    await terminal.see('How it goes');
    expect(terminal.written).toMatch(/^[\x00-\x7f]*$/);
  });

  it('lets no text of the host out of its cell', async () => {
    const nasty = (id: string, title: string, reason: string): Finding => ({
      ...FINDINGS.process,
      id,
      title,
      reasons: [{ code: 'x', text: reason, weight: 10 }],
    });
    const findings = [
      nasty('process:a', 'a\u001b[2J\u001b[1;1Hgone\u0007', '\u001b]0;title\u0007\u001b]52;c;AAAA\u0007'),
      nasty('process:b', 'b\r\n\n\nnew lines', '\u009b31m\u202egnp.exe'),
      nasty('process:c', '挖矿木马挖矿木马 (７)', '漢字漢字漢字漢字漢字漢字漢字漢字漢字'),
      nasty('process:d', `d${'\u0301'.repeat(60)}`, '\u200b\u200d\ufeff\u{e0041} 👩‍👩‍👧‍👦 🇩🇪'),
      nasty('process:e', '\udc80\udcff raw', 'x'.repeat(5000)),
    ];
    const handle = new ScriptedHandle(script({ look: () => ({ findings, chosen: [] }) }), {
      nowMs: OPENED_MS,
    });
    const { terminal } = start({ handle });
    await terminal.see('Read what was found');
    expect(terminal.screen()).toContain('a\\x1b[2J\\x1b[1;1Hgone\\x07');
    // The window's title and the question for the background's colour are our own.
    const written = terminal.written.replace(/\u001b\](?:2;[^\u0007\u001b]*|11;\?)\u0007/g, '');
    expect(written).not.toMatch(/\u001b\]|\u009b|\u202e/);
    for (let row = 2; row < 19; row += 1) {
      // The borders of both panes stand in their columns on every row between them.
      expect([0, 26, 27, 79].map((column) => terminal.cell(row, column))).toEqual(['│', '│', '│', '│']);
    }
    terminal.type('i');
    await terminal.see('Where');
    expect(terminal.cell(3, 79)).toBe('│');
    expect(terminal.scrolled).toBe(0);
  });

  it('keeps to the rows there are in a storm of sizes, and comes back whole', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    // The step before asks in the same words.
    const before = await terminal.see(/ 4 {2}Block C2 .*approve & run/s);
    for (const [columns, rows] of [
      [120, 40],
      [60, 16],
      [59, 30],
      [100, 12],
      [40, 10],
      [39, 9],
      [20, 5],
      [1, 1],
      [200, 50],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.see((screen) => screen.split('\n').length <= rows);
    }
    await expect.poll(() => terminal.screen(), { timeout: 10_000 }).toBe(before);
  });

  it('says that it is too small, and then only leaves', async () => {
    const { terminal, handle, result } = start({ columns: 39, rows: 9 });
    await terminal.see('Too small: 39×9.');
    terminal.type(KEYS.enter);
    terminal.type('s');
    terminal.type('q');
    terminal.type('q');
    expect((await result).kind).toBe('left');
    expect(handle.commands).toEqual([]);
  });

  it('shows one pane at a time when there is room for no more', async () => {
    const { terminal, handle } = start({ columns: 50, rows: 14 });
    await toStep(terminal, handle, 'block-c2');
    expect(terminal.screen()).not.toContain('Checklist');
    terminal.type(KEYS.tab);
    await terminal.see('Checklist');
    await terminal.see('✔ Isolate');
  });
});
