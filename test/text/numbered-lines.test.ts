import { describe, expect, it } from 'vitest';
import { scriptCommands } from '../../src/findings/start-script.ts';
import { numberedLines } from '../../src/text/numbered-lines.ts';

describe('lines with their numbers', () => {
  it('leaves none out, however many there are before it', () => {
    const text = `${'\n'.repeat(100_000)}/tmp/.x/run`;
    expect([...numberedLines(text)].at(-1)).toMatchObject({ line: '/tmp/.x/run', number: 100_001 });
    expect(scriptCommands(text)).toEqual([{ text: '/tmp/.x/run', line: 100_001 }]);
  });

  it('looks behind blanks and NULs that fill a line', () => {
    const text = `true;${' '.repeat(9000)}/tmp/.x\0/run`;
    expect([...numberedLines(text)]).toEqual([
      { whole: text, line: 'true; /tmp/.x/run', number: 1, isCut: false },
    ]);
  });

  it('says what it cut', () => {
    const [first] = numberedLines(`${'x'.repeat(9000)}; /tmp/.x/run`);
    expect(first).toMatchObject({ isCut: true, line: 'x'.repeat(4096) });
  });
});
