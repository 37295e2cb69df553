import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommand, shellQuote } from '../../src/operations/shell-quote.ts';
import { decodeHostBytes, encodeHostBytes } from '../../src/text/host-bytes.ts';

describe('shellQuote', () => {
  it.each([
    ['plain', 'plain'],
    ['/etc/cron.d/x', '/etc/cron.d/x'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "it\\'s"],
    ['$(id)', "'$(id)'"],
    ['a\nb', "a$'\\n'b"],
    ['~root', "'~root'"],
    ['A=b', "'A=b'"],
    ['--of=x', '--of=x'],
    [decodeHostBytes(Uint8Array.from([0x2f, 0xff, 0x61])), "/$'\\xff'a"],
    ['a\u202eb', "a$'\\xe2\\x80\\xae'b"],
    ['\u001b]0;x\u0007', "$'\\x1b'']0;x'$'\\x07'"],
  ])('quotes %j as %s', (word, quoted) => {
    expect(shellQuote(word)).toBe(quoted);
  });

  it('gives a shell exactly the bytes that went in', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 40, min: 1 });
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => !one.includes('\0'));
    const words: string[] = [
      ...fc.sample(bytes, 60).map((one) => decodeHostBytes(one)),
      ...fc.sample(text, 60).map((one) => decodeHostBytes(encodeHostBytes(one.toWellFormed()))),
    ];
    const script = `printf '%s\\0' ${shellCommand(words)}\n`;
    const output = execFileSync('/bin/bash', { input: Buffer.from(encodeHostBytes(script)) });
    const expected = Buffer.concat(words.flatMap((word) => [encodeHostBytes(word), Uint8Array.of(0)]));
    expect(output.equals(expected)).toBe(true);
  });

  it('never leaves a character that moves the cursor or reorders the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (word) => {
        expect(shellQuote(word)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
