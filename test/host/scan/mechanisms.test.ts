import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { removalText } from '../../../src/findings/removal.ts';
import { mechanismNotes } from '../../../src/findings/scope-notes.ts';
import { blameOf, findingAt, type Pair, stage } from './mechanisms/pair.ts';
import { missingIn } from './whole-finding.ts';

const FOLDER = new URL('mechanisms/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && name !== 'pair.ts');
const pairs = new Map<string, Pair>();
for (const name of files) {
  const { pair } = (await import(new URL(name, FOLDER).href)) as { readonly pair: Pair };
  pairs.set(name.replace(/\.ts$/, ''), pair);
}

it('has a pair for every mechanism of the registry, and none for what there is not', () => {
  expect([...pairs.keys()].toSorted()).toEqual(
    mechanismNotes()
      .map(({ name }) => name)
      .toSorted(),
  );
});

describe.each([...pairs])('%s', (_name, pair) => {
  it('finds the planted one where it is and says why, and leaves its neighbour alone', async () => {
    const { outcome, blamed, passed, end } = await stage(pair);
    try {
      expect(blamed.length).toBeGreaterThan(0);
      expect(passed.length).toBeGreaterThan(0);
      for (const one of blamed) {
        const finding = findingAt(outcome, one);
        expect({ ...one, verdict: finding?.verdict }).toEqual(one);
        expect(finding?.reasons.map(({ code }) => code)).toContain(one.code);
        expect(finding?.attack).toContain(one.attack);
        expect(finding?.reasons.every(({ text }) => text.length > 10)).toBe(true);
        expect(removalText(finding?.subject ?? NEVER)).not.toBe('');
        if (finding?.subject.kind.startsWith('file')) {
          expect(finding.times).toEqual({
            mtimeNs: expect.stringMatching(/^\d+$/),
            ctimeNs: expect.stringMatching(/^\d+$/),
          });
          expect(finding.owner).not.toBeNull();
        }
      }
      for (const text of passed) expect(blameOf(outcome, text)).toEqual([]);
      expect(outcome.findings.flatMap(missingIn)).toEqual([]);
    } finally {
      await end();
    }
  });
});

const NEVER = { kind: 'disagreement', about: '', ours: '', theirs: '' } as const;
