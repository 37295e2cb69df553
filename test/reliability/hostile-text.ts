import fc from 'fast-check';

/** What an intruder puts into a name, a command line or an output to be obeyed by the terminal or the reader. */
const TRICKS: readonly string[] = [
  '\u001b[2J\u001b[H',
  '\u001b[31m',
  '\u001b[999;999H',
  '\u001b[?1049l',
  '\u001b[6n',
  '\u001bc',
  '\u001b]0;owned\u0007',
  '\u001b]2;owned\u001b\\',
  '\u001b]8;;http://evil/\u001b\\click\u001b]8;;\u001b\\',
  `\u001b]52;c;${btoa('owned')}\u0007`,
  '\u001bP$q"p\u001b\\',
  '\u001b^x\u001b\\',
  '\u001b_x\u001b\\',
  '\u009b2J',
  '\u009d0;owned\u009c',
  '\u0090x\u009c',
  '\r',
  '\roverwritten',
  '\b\b\b\b',
  '\u0007',
  '\u000b',
  '\u000c',
  '\u000e',
  '\u007f',
  '\0',
  '\n',
  '\t',
  '\u202e',
  '\u2066\u2069',
  '\u200b\u200d\ufeff',
  '\u00ad',
  '\u0301'.repeat(40),
  '漢字',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '\u{e0041}',
  '\u2028',
  // Bytes that are no UTF-8, as text/host-bytes.ts carries them.
  '\udc80\udcff',
  '\udc9b2J',
  '\ud800',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '](javascript:alert(1))',
  '|\n| --- |',
  '`; touch pwned`',
  '$(touch pwned)',
  '../../../../etc/passwd',
];

/** Tricks among ordinary words, in any order. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...TRICKS) },
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('xmrig', ' ', 'a b', '/tmp/x'),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(''));
