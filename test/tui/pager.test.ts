import { afterEach, describe, expect, it } from 'vitest';
import { LineIndex } from '../../src/tui/pager/line-index.ts';
import { showableLines } from '../../src/tui/pager/output-text.ts';
import { Pager } from '../../src/tui/pager/pager.ts';
import { KEYS } from './fake-terminal.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

/** A pager over bytes in memory, which counts what it reads. */
function pagerOver(output: () => Buffer) {
  const reads: number[] = [];
  const pager = new Pager(async (from, most) => {
    const whole = output();
    const bytes = whole.subarray(from, from + most);
    reads.push(bytes.length);
    return { bytes, totalBytes: whole.length };
  });
  return { pager, reads, view: () => pager.store.get() };
}

const numbered = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, index) => `line ${index}\n`).join(''));

describe('a pager', () => {
  it('shows any part of a million lines, reading only what it shows', async () => {
    const output = numbered(1_000_000);
    const { pager, reads, view } = pagerOver(() => output);
    await pager.grow();
    expect(view()).toMatchObject({ totalLines: 1_000_000, isCounted: true, top: 0 });
    expect(view().lines[19]).toBe('line 19');
    reads.length = 0;
    await pager.scrollTo(765_432);
    expect(view().lines[0]).toBe('line 765432');
    await pager.toEnd();
    expect(view().lines.at(-1)).toBe('line 999999');
    expect(reads.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(20_000);
  });

  it('tells when a line came, to the second, and nothing where that was not kept', async () => {
    const atMs = Date.UTC(2026, 10, 23, 4, 12, 9);
    const output = numbered(30);
    const times = [
      { fromByte: output.indexOf('line 10\n'), atMs },
      // In the middle of a line: it began to come before.
      { fromByte: output.indexOf('line 20\n') + 3, atMs: atMs + 61_000 },
    ];
    const pager = new Pager(
      async (from, most) => ({ bytes: output.subarray(from, from + most), totalBytes: output.length }),
      async () => times,
    );
    await pager.grow();
    expect(pager.timeOf(10)).toBe('');
    await pager.loadTimes();
    expect([9, 10, 20, 21, 29].map((line) => pager.timeOf(line))).toEqual([
      '',
      '04:12:09',
      '04:12:09',
      '04:13:10',
      '04:13:10',
    ]);
  });

  it('finds forwards and backwards, round the ends, and says when there is nothing', async () => {
    const output = Buffer.from(
      `first Needle\n${numbered(20_000).toString()}a needle\n${numbered(9000).toString()}`,
    );
    const { pager, view } = pagerOver(() => output);
    await pager.grow();
    await pager.search('needle', 1);
    expect(view().match).toBe(0);
    await pager.search('needle', 1);
    expect(view().match).toBe(20_001);
    await pager.search('needle', 1);
    expect(view().match).toBe(0);
    await pager.search('needle', -1);
    expect(view().match).toBe(20_001);
    await pager.search('Needle', 1);
    expect(view().match).toBe(0);
    await pager.search('hay', 1);
    expect(view()).toMatchObject({ match: null, message: '“hay” is not in it' });
  });

  it('finds what is shown and not what is behind it', async () => {
    const output = Buffer.from(
      `${numbered(50).toString()}PASSWORD=hunter2hunter2 beside\nred \u001b[31mErdöl\u001b[0m\nCamel Case\n`,
    );
    const { pager, view } = pagerOver(() => output);
    await pager.grow();
    const found = async (query: string) => {
      await pager.scrollTo(0);
      await pager.search(query, 1);
      return view().match;
    };
    expect(await found('hunter2')).toBeNull();
    expect(await found('[redacted pass')).toBe(50);
    expect(await found('redacted')).toBe(50);
    expect(await found('beside')).toBe(50);
    expect(await found('erdöl')).toBe(51);
    expect(await found('x1b[31m')).toBe(51);
    expect(await found('camel case')).toBe(52);
    expect(await found('Camel Case')).toBe(52);
    expect(await found('CAMEL')).toBeNull();
  });

  it('follows what grows', async () => {
    let output = numbered(100);
    const { pager, view } = pagerOver(() => output);
    await pager.grow();
    await pager.toEnd(true);
    output = Buffer.concat([output, Buffer.from('the last\n')]);
    await pager.grow();
    expect(view().lines.at(-1)).toBe('the last');
    await pager.scrollTo(0);
    output = Buffer.concat([output, Buffer.from('later\n')]);
    await pager.grow();
    expect(view()).toMatchObject({ top: 0, totalLines: 102 });
  });

  it('shows the end of what grows at once, before the lines above it are counted', async () => {
    const output = numbered(1_000_000);
    const { pager, reads, view } = pagerOver(() => output);
    const counted = pager.grow();
    await pager.toEnd(true);
    expect(view()).toMatchObject({ isCounted: false, isPlaced: false });
    expect(view().lines.at(-1)).toBe('line 999999');
    expect(reads.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(output.length);
    await pager.setHeight(30);
    expect(view().lines).toHaveLength(30);
    await counted;
    expect(view()).toMatchObject({ top: 999_970, isCounted: true, isPlaced: true, isFollowing: true });
    expect(view().lines[0]).toBe('line 999970');
  });

  it('says when a part of the output cannot be read any more', async () => {
    let isGone = false;
    const pager = new Pager(async (from, most) => {
      if (isGone) throw new Error('the line is gone');
      const whole = numbered(1000);
      return { bytes: whole.subarray(from, from + most), totalBytes: whole.length };
    });
    await pager.grow();
    isGone = true;
    await pager.page(1);
    expect(pager.store.get().message).toBe('The output cannot be read: the line is gone');
    expect(pager.store.get().lines[0]).toBe('line 0');
  });

  it('shows one line of many megabytes without holding up', async () => {
    const output = Buffer.concat([
      Buffer.from('before\n'),
      Buffer.alloc(5_000_000, 'x'),
      Buffer.from('\nafter\n'),
    ]);
    const { pager, view } = pagerOver(() => output);
    await pager.grow();
    expect(view().totalLines).toBe(3);
    expect(view().lines[0]).toBe('before');
    expect(view().lines[1]?.length).toBe(16_384);
    await pager.search('after', 1);
    expect(view().match).toBe(2);
  });

  it('says it when the output cannot be read', async () => {
    const pager = new Pager(() => Promise.reject(new Error('no such file')));
    await pager.grow();
    expect(pager.store.get().message).toBe('The output cannot be read: no such file');
  });
});

describe('output as it is shown', () => {
  it('shows escapes and hides secrets, line by line', () => {
    const key = [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      'b3BlbnNzaC1rZXktdjEAAAAA',
      'c2VjcmV0',
      '-----END OPENSSH PRIVATE KEY-----',
    ];
    const lines = showableLines(['\u001b[31mred\r', ...key, 'password=hunter22 done']);
    expect(lines).toEqual([
      '\\x1b[31mred',
      ...key.map(() => '[redacted private key]'),
      'password=[redacted password] done',
    ]);
    expect(showableLines(key.slice(2))).toEqual(['[redacted private key]', '[redacted private key]']);
  });

  it('counts lines as an editor does', () => {
    const index = new LineIndex();
    expect(index.lines).toBe(0);
    index.append(Buffer.from('a\nb'));
    expect([index.lines, index.startOf(0), index.startOf(1), index.startOf(2)]).toEqual([2, 0, 2, 3]);
    index.append(Buffer.from('\n'));
    expect(index.lines).toBe(2);
    index.append(Buffer.from('\n'));
    expect(index.lines).toBe(3);
  });
});

describe('reading output on the screen', () => {
  it('opens on the step, searches, wraps, scrolls sideways and goes back', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS });
    const long = `start ${'abcdefghij'.repeat(20)} end of the long line`;
    handle.setOutput('update.1.1', `${long}\n${numbered(5000).toString()}\u001b]0;evil\u0007last`);
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'update');
    terminal.type('o');
    await terminal.see('o: this step has no output yet.');
    terminal.type(KEYS.enter);
    await terminal.see('8  Tell the owner');
    terminal.type(`${KEYS.left}${KEYS.up}o`);
    await terminal.see('line 1 to 21 of 5002');
    expect(terminal.screen()).not.toContain('end of the long line');
    terminal.type('w');
    await terminal.see('end of the long line');
    terminal.type('w');
    await terminal.seeNot('wrapped');
    terminal.type(KEYS.right.repeat(12));
    await terminal.see('from column 193');
    await terminal.see('end of the long line');
    terminal.type(`${KEYS.left.repeat(12)}G`);
    await terminal.see('\\x1b]0;evil\\x07last');
    terminal.type('/');
    terminal.type(`line 4321${KEYS.enter}`);
    await terminal.see('❯line 4321');
    terminal.type('/nowhere\r');
    await terminal.see('“nowhere” is not in it');
    terminal.type('g');
    await terminal.see('line 1 to 21');
    terminal.type(KEYS.escape);
    await terminal.see('Only looking');
    expect(terminal.scrolled).toBe(0);
  });

  it('follows the output of what runs', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:update.1.1'] });
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'update');
    terminal.type(KEYS.enter);
    await terminal.see('Doing: run-command');
    handle.print('update.1.1', ['one', 'two']);
    terminal.type('o');
    await terminal.see('following');
    handle.print(
      'update.1.1',
      Array.from({ length: 200 }, (_, index) => `row ${index}`),
    );
    await terminal.see('row 199');
    await terminal.see('to 202 of 202');
    // The times of what is there, and of what comes.
    terminal.type('t');
    await terminal.see(/^ \d\d:\d\d:\d\d row 199$/m);
    const first = /(\S+) row 199/.exec(terminal.screen())?.[1] ?? '';
    handle.passTime(61_000);
    handle.print('update.1.1', ['a minute later']);
    await terminal.see(/^ \d\d:\d\d:\d\d a minute later$/m);
    const second = /(\S+) a minute later/.exec(terminal.screen())?.[1] ?? '';
    const msOf = (time: string) => Date.parse(`2026-11-23T${time}Z`);
    expect(msOf(second) - msOf(first)).toBe(61_000);
    terminal.type('t');
    await terminal.see(/^ a minute later$/m);
  });
});
