import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { ONE_COLUMN_SIGNS, quickWidth } from '../../src/quick-width.mjs';

describe('quickWidth', () => {
  it('has only signs that string-width gives one column', () => {
    for (const sign of ONE_COLUMN_SIGNS) expect([sign, stringWidth(sign)]).toEqual([sign, 1]);
  });

  it('says what string-width says, or nothing', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        ...ONE_COLUMN_SIGNS,
        '\u001b[1;31m',
        '\u001b[0m',
        '\u001b]8;;x\u0007',
        '漢',
        '👍🏽',
        'é',
        '\t',
        '\u200d',
        '\ufe0f',
        '\u001b',
      ),
      fc.string(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');
        const quick = quickWidth(text);
        if (quick !== null) expect(quick).toBe(stringWidth(text));
      }),
      { numRuns: 500 },
    );
  });

  it('knows an ordinary row of a screen', () => {
    expect(quickWidth('\u001b[36m│\u001b[0m ✔ Look        9 found │')).toBe(25);
    expect(quickWidth('漢')).toBeNull();
  });
});
