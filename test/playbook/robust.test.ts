import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import { formatProblems } from '../../src/playbook/problem-text.ts';
import { catalogue } from './catalogue.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../playbooks/cryptominer-linux.yaml'), 'utf8');

/** Parses and prints; what must hold for every text. */
function check(text: string): void {
  const { playbook, problems } = parsePlaybook(text, 'x.yaml', catalogue);
  const errors = problems.filter((problem) => problem.severity === 'error');
  expect(playbook === null).toBe(errors.length > 0);
  const printed = formatProblems(problems, text, 'x.yaml');
  expect(printed).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  // Plain JSON, as the journal will hold it.
  expect(JSON.parse(JSON.stringify(playbook))).toEqual(playbook);
}

describe('parsePlaybook', () => {
  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check), { numRuns: 500 });
  });

  it('survives anything that YAML is made of', () => {
    const piece = fc.constantFrom(
      ...[
        'name: x\n',
        'steps:\n',
        '  - id: a\n',
        '    ',
        '\t',
        '- ',
        ': ',
        '? ',
        '{',
        '}',
        '[',
        ']',
        ',',
        '&a ',
        '*a',
      ],
      ...[
        '|\n',
        '>\n',
        '"',
        "'",
        '#',
        '!t ',
        '---\n',
        '%YAML 1.1\n',
        '<<: ',
        '${{ ',
        ' }}',
        'inputs',
        '\n',
        '0x1',
        '.nan',
      ],
      ...[
        'uses: triage\n',
        'with: ',
        'needs: ',
        'if: ',
        'run: ',
        'env: ',
        '__proto__: ',
        '~',
        '=',
        '\u2028',
        '\ufeff',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => check(pieces.join(''))),
      { numRuns: 1500 },
    );
  });

  it('survives the shipped playbook with pieces changed, dropped and doubled', () => {
    const edit = fc.record({
      at: fc.nat(shipped.length),
      drop: fc.nat(40),
      insert: fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.constantFrom('\n', '  ', ':', '- ', '"', '${{', '}}', '[', '{', '*x', '&x', '\t'),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = shipped;
        for (const { at, drop, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + drop);
        check(text);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['lists without end', '['.repeat(100_000)],
    ['maps without end', '{a: '.repeat(60_000)],
    ['indents without end', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
    ['sequences without end', '- '.repeat(100_000)],
    ['keys without end', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['aliases without end', `a: &a [${'1,'.repeat(100)}]\nb: [${'*a,'.repeat(40_000)}]\n`],
    ['anchors without end', Array.from({ length: 12_000 }, (_, i) => `k${i}: &a${i} 1\n`).join('')],
    ['one long line', `name: ${'x'.repeat(250_000)}`],
    ['quotes without end', `name: "${'\\"'.repeat(100_000)}`],
    [
      'steps without end',
      `name: x\ntitle: T\nsteps:\n${Array.from({ length: 4000 }, (_, i) => `  - {id: a${i}, needs: [a${i + 1}]}\n`).join('')}`,
    ],
    [
      'expressions without end',
      `name: x\ntitle: T\nsteps:\n  - {id: a, name: A, run: ["${'${{ 1 }}'.repeat(20_000)}"]}\n`,
    ],
    [
      'openings without end',
      `name: x\ntitle: T\nsteps:\n  - {id: a, name: A, run: "${'${{'.repeat(60_000)}"}\n`,
    ],
    ['comments without end', '# x\n'.repeat(60_000)],
  ])('is done soon with %s', (_, text) => {
    const started = performance.now();
    check(text);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
