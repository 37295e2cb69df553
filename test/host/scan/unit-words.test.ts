import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitShell } from '../../../src/findings/shell-words.ts';
import { unitCommand, unitWords } from '../../../src/host/scan/unit-words.ts';

it.each([
  ['/bin/a  -x "b c" \'d e\'', ['/bin/a', '-x', 'b c', 'd e']],
  ['"/a\\x2fb\\"c" \\u00e9\\101\\s\\t.', ['/a/b"c', 'éA \t.']],
  ['/bin/echo $$x %%y $z', ['/bin/echo', '$x', '%y', '$z']],
  ['""', ['']],
  ['\\', ['']],
  ['\\xzz \\U00ffffff', ['xzz', '']],
])('%s', (text, words) => {
  expect(unitWords(text)).toEqual(words);
});

it('gives a shell the words that systemd has', () => {
  const word = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const escaped = words.map((text) =>
        [...text].map((c) => `\\U${c.codePointAt(0)?.toString(16).padStart(8, '0')}`).join(''),
      );
      expect(splitShell(unitCommand(escaped.join(' '))).flatMap((segment) => segment.words)).toEqual(words);
    }),
  );
});
