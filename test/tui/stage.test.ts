import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withoutAnswers } from '../../src/tui/stage/answer-filter.ts';
import { readInkChunk } from '../../src/tui/stage/ink-chunk.ts';
import { LinePace } from '../../src/tui/stage/line-pace.ts';
import { Stage } from '../../src/tui/stage/stage.ts';

const ASK = '\u001b[5n';
const ANSWER = '\u001b[0n';

/** A terminal that takes what is written when it is told to. */
class SlowTerminal extends EventEmitter {
  isTTY = true;
  columns = 20;
  rows = 3;
  writes: string[] = [];
  #done: (() => void)[] = [];
  write(bytes: string, done: () => void): boolean {
    this.writes.push(bytes);
    this.#done.push(done);
    return false;
  }
  take(): void {
    this.#done.shift()?.();
  }
}

afterEach(() => vi.useRealTimers());

function open() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const terminal = new SlowTerminal();
  const pace = new LinePace();
  let nowMs = 1_000_000;
  const stage = new Stage(terminal as unknown as WriteStream, pace, () => nowMs);
  const { stream } = stage;
  return {
    terminal,
    pace,
    stage,
    /** As Ink writes it, and the microtasks behind. */
    frame: async (text: string) => {
      stream.write('\u001b[?2026h');
      stream.write(`\u001b[2K\u001b[1A\u001b[2K\u001b[G${text}\n`);
      stream.write('\u001b[?2026l');
      await Promise.resolve();
    },
    raw: async (bytes: string) => {
      stream.write(bytes);
      await Promise.resolve();
    },
    pass: (ms: number) => {
      nowMs += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}

describe('the stage between Ink and the terminal', () => {
  it('writes one frame at a time, and of those that came meanwhile the last', async () => {
    const { terminal, frame } = open();
    await frame('one');
    for (const text of ['two', 'three', 'four']) await frame(text);
    expect(terminal.writes).toHaveLength(1);
    terminal.take();
    expect(terminal.writes).toHaveLength(2);
    expect(terminal.writes[1]).toBe('\u001b[Hfour');
  });

  it('writes nothing where nothing changed', async () => {
    const { terminal, frame } = open();
    await frame('one');
    terminal.take();
    await frame('one');
    expect(terminal.writes).toHaveLength(1);
  });

  it('holds output until the terminal has answered, but never what answers a key', async () => {
    const { terminal, pace, stage, frame, pass } = open();
    await frame('one');
    expect(terminal.writes[0]).toContain(ASK);
    terminal.take();
    pace.answered();
    await frame('two');
    terminal.take();
    await frame('three');
    await frame('four');
    expect(terminal.writes).toHaveLength(2);
    stage.keyed();
    await frame('key');
    expect(terminal.writes.at(-1)).toContain('key');
    terminal.take();
    pass(200);
    await frame('five');
    expect(terminal.writes).toHaveLength(3);
    pace.answered();
    expect(terminal.writes).toHaveLength(3);
    pace.answered();
    expect(terminal.writes.at(-1)).toContain('five');
  });

  it('writes a clock by itself, and the next frame differs from what is there by then', async () => {
    const { terminal, stage, frame, pass } = open();
    await frame('run 00:01\nbelow');
    terminal.take();
    expect(stage.rewrite('00:01', '00:02')).toBe(true);
    await Promise.resolve();
    expect(terminal.writes.splice(1)).toEqual(['\u001b[1;9H2']);
    terminal.take();
    await frame('run 00:02\nchanged');
    expect(terminal.writes.splice(1)).toEqual(['\u001b[2;1Hchanged']);
    terminal.take();
    // A frame that was drawn before is what Ink meant, and the clock is found no more.
    await frame('run 00:01\nchanged');
    terminal.take();
    expect(terminal.writes.splice(1)).toEqual(['\u001b[1;9H1']);
    expect(stage.rewrite('00:02', '00:03')).toBe(false);
    // An answer to a key is under way.
    stage.keyed();
    expect(stage.rewrite('00:01', '00:02')).toBe(false);
    pass(200);
    expect(stage.rewrite('00:01', '00:02')).toBe(true);
    await Promise.resolve();
    expect(stage.rewrite('00:02', '00:03')).toBe(false);
    expect(terminal.writes.splice(1)).toEqual(['\u001b[1;9H2']);
  });

  it('leaves a clock to a frame where it stands twice, elsewhere, or not at all', async () => {
    const { terminal, stage, frame } = open();
    expect(stage.rewrite('00:01', '00:02')).toBe(false);
    for (const text of ['00:01 and 00:01', 'one\n00:01', '\u001b]8;;x:/\u000700:01\u001b]8;;\u0007']) {
      await frame(text);
      terminal.take();
      expect(stage.rewrite('00:01', '00:02')).toBe(false);
    }
    await frame('00:01');
    terminal.take();
    expect(stage.rewrite('00:01', '1:00:00')).toBe(false);
  });

  it('goes on after three seconds without an answer', async () => {
    const { terminal, pace, frame, pass } = open();
    await frame('one');
    terminal.take();
    pace.answered();
    await frame('two');
    terminal.take();
    await frame('three');
    pass(2900);
    expect(terminal.writes).toHaveLength(2);
    pass(200);
    expect(terminal.writes).toHaveLength(3);
  });

  it('asks a terminal that does not answer once, and never waits for it', async () => {
    const { terminal, frame } = open();
    for (const text of ['one', 'two', 'three']) {
      await frame(text);
      terminal.take();
    }
    expect(terminal.writes).toHaveLength(3);
    expect(terminal.writes.join('').split(ASK)).toHaveLength(2);
  });

  it('draws everything anew after a change of size, even if Ink does not, and after what it does not know', async () => {
    const { terminal, frame, raw, pass } = open();
    await frame('one');
    terminal.take();
    terminal.emit('resize');
    pass(60);
    await Promise.resolve();
    expect(terminal.writes[1]).toContain('one');
    terminal.take();
    await raw('\u001b[3;1Hgarbage\u001b[L');
    terminal.take();
    await frame('one');
    expect(terminal.writes[3]).toContain('one');
    terminal.take();
    // A mode leaves the cells as they are.
    await raw('\u001b[?25l');
    terminal.take();
    await frame('one');
    expect(terminal.writes).toHaveLength(5);
  });

  it('does not wrap on its screen, and leaves the terminal as it was', async () => {
    const { terminal, raw } = open();
    await raw('\u001b[?1049h');
    terminal.take();
    await raw('\u001b[?1049l');
    expect(terminal.writes).toEqual(['\u001b[?1049h\u001b[?7l', '\u001b[?7h\u001b[?1049l']);
  });

  it('calls back when all before is written', async () => {
    const { terminal, stage, frame } = open();
    const done: string[] = [];
    await frame('one');
    stage.stream.write('', () => done.push('written'));
    await Promise.resolve();
    expect(done).toEqual([]);
    terminal.take();
    expect(done).toEqual(['written']);
  });

  it('waits for answers under way before the keyboard is given away, and asks no more', async () => {
    const { terminal, pace, stage, frame } = open();
    await frame('one');
    terminal.take();
    pace.answered();
    await frame('two');
    let isLeft = false;
    const leaving = stage.beforeLeaving().then(() => {
      isLeft = true;
    });
    terminal.take();
    await frame('three');
    expect(isLeft).toBe(false);
    pace.answered();
    await leaving;
    terminal.take();
    expect(terminal.writes.at(-1)).not.toContain(ASK);
    // Back again, it is asked for what was drawn unasked.
    stage.cameBack();
    await Promise.resolve();
    expect(terminal.writes.at(-1)).toBe(ASK);
  });
});

describe('what Ink writes', () => {
  it('is told apart', () => {
    expect(readInkChunk('\u001b[1;1H\u001b[Ja\u001b[1mb\u001b[0m\nc')).toEqual({
      kind: 'frame',
      text: 'a\u001b[1mb\u001b[0m\nc',
    });
    expect(readInkChunk('\u001b[2K\u001b[G')).toEqual({ kind: 'nothing' });
    expect(readInkChunk('\u001b[?25h\u001b[?2004l').kind).toBe('mode');
    for (const text of ['\u001b[3A', 'a\rb', '\u001b]0;title\u0007', '\u001b']) {
      expect(readInkChunk(text).kind).toBe('other');
    }
  });
});

describe('answers of the terminal', () => {
  function reader(isDue = true) {
    const input = new PassThrough();
    let answers = 0;
    const colours: string[] = [];
    const stdin = withoutAnswers(input as unknown as ReadStream, {
      answered: () => {
        answers += 1;
      },
      coloured: (answer) => colours.push(answer),
      isDue: () => isDue,
      keyed: () => undefined,
    });
    let keys = '';
    stdin.on('readable', () => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) keys += chunk;
    });
    const type = async (bytes: string) => {
      input.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { type, keys: () => keys, answers: () => answers, colours };
  }

  it('tell of the background, whole or in two parts', async () => {
    const { type, keys, colours } = reader();
    await type('a\u001b]11;rgb:ffff/ffff/dddd\u0007b');
    await type('c\u001b]11;rgb:1e1e/1');
    await type('e1e/1e1e\u001b\\\u001b[0nd');
    expect(keys()).toBe('abcd');
    expect(colours).toEqual(['rgb:ffff/ffff/dddd', 'rgb:1e1e/1e1e/1e1e']);
  });

  it('are no keys, wherever they come', async () => {
    const { type, keys, answers } = reader();
    await type(`a${ANSWER}b${ANSWER}`);
    await type(ANSWER);
    for (const part of ['c\u001b', '[', '0', 'n', 'd\u001b[', 'A']) await type(part);
    expect(keys()).toBe('abcd\u001b[A');
    expect(answers()).toBe(4);
  });

  it('do not keep ESC from being a key', async () => {
    const { type, keys } = reader();
    await type('\u001b');
    await vi.waitUntil(() => keys() === '\u001b');
    const free = reader(false);
    await free.type('\u001b');
    expect(free.keys()).toBe('\u001b');
  });
});
