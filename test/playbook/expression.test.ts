import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostSummary } from '../../src/engine/event.ts';
import type { Incident } from '../../src/engine/incident.ts';
import { expressionScope } from '../../src/engine/scope.ts';
import { SCOPE_ROOTS } from '../../src/playbook/cel.ts';
import {
  evaluateCondition,
  resolveArguments,
  resolveEnvironment,
  resolveTemplate,
} from '../../src/playbook/expression.ts';
import {
  expressionNames,
  HOST_NAMES,
  INCIDENT_NAMES,
  inputsUsed,
  STEP_FIELDS,
  secretNames,
} from '../../src/playbook/expression-names.ts';
import type { JsonValue } from '../../src/playbook/playbook.ts';

const scope = {
  inputs: {
    'allowed-peers': ['10.0.0.1', '2001:db8::1'],
    'watch-for': 600_000,
    ending: 'ask',
    nothing: null,
    share: 0.5,
    hostile: '"; rm -rf / #${{ inputs.ending }}',
  },
  host: { hostname: 'web-1', cores: 2, isRoot: true },
  steps: { 'kill-process': { status: 'done', found: 3, chosen: 1 } },
  incident: { id: 'web-1-2026' },
};

describe('evaluateCondition', () => {
  it.each([
    ['steps.kill-process.found > 0', true],
    ['steps["kill-process"].found > 5', false],
    ['steps.kill-process.status == "done" && host.isRoot', true],
    ['inputs.allowed-peers.size() == 2', true],
    ['"10.0.0.1" in inputs.allowed-peers', true],
    ['inputs.allowed-peers.exists(p, p.startsWith("2001:"))', true],
    ['"inputs.allowed-peers" == "inputs.allowed" + "-peers"', true],
    ['inputs.watch-for - 1 < 600000', true],
    ['inputs.share * 2.0 == 1.0', true],
    ['inputs.nothing == null', true],
    ['inputs.never-given == null && inputs["never-given"] == null', true],
    ['inputs.constructor == null && inputs.never_given == null', true],
    ['inputs.ending.matches("^(ask|release)$")', true],
    ['host.cores >= 2 ? inputs.ending == "ask" : false', true],
    ['"a.matches(b)" == "a.matches(b)"', true],
  ])('%s is %s', (text, value) => {
    expect(evaluateCondition(text, scope)).toEqual({ value });
  });

  it.each([
    ['host.cores', 'not true or false'],
    ['steps.missing.found == 1', 'there is no "missing"'],
    ['inputs.ending > 1', 'do not go together'],
    ['host.constructor == "x"', 'there is no "constructor"'],
    ['host.__proto__ == 1', 'there is no "__proto__"'],
    ['1 / 0 == 1', 'division by zero'],
    ['inputs.ending.matches("(?=a)")', 'RE2'],
    ['cel.bind(x, 1, x == 1)', 'not available'],
    ['', 'empty'],
    ['true'.padEnd(3000), 'longer than'],
  ])('%s is an error that says why', (text, message) => {
    const result = evaluateCondition(text, scope);
    expect('error' in result && result.error).toContain(message);
  });

  it('ends soon whatever the pattern', () => {
    const evil = { ...scope, inputs: { text: 'a'.repeat(5000) } };
    expect(evaluateCondition('inputs.text.matches("^(a+)+b$")', evil)).toEqual({ value: false });
  });

  it('refuses loops in loops in loops', () => {
    const list = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]';
    const text = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c > 0)))`;
    expect(evaluateCondition(text, scope)).toMatchObject({ error: expect.stringContaining('loops') });
  });
});

describe('resolveTemplate', () => {
  it('keeps the type of a value that is one expression', () => {
    expect(resolveTemplate('${{ inputs.allowed-peers }}', scope)).toEqual({
      value: ['10.0.0.1', '2001:db8::1'],
    });
    expect(resolveTemplate(' ${{ inputs.watch-for }}\n', scope)).toEqual({ value: 600_000 });
    expect(resolveTemplate('${{ host.isRoot }}', scope)).toEqual({ value: true });
    expect(resolveTemplate('${{ inputs.nothing }}', scope)).toEqual({ value: null });
    expect(resolveTemplate('${{ {"a": [1, 2.5]} }}', scope)).toEqual({ value: { a: [1, 2.5] } });
  });

  it('writes values into a text', () => {
    expect(
      resolveTemplate('a ${{ inputs.allowed-peers }} b ${{ host.cores }}${{ inputs.nothing }}', scope),
    ).toEqual({ value: 'a 10.0.0.1,2001:db8::1 b 2' });
  });

  it('goes through lists and maps', () => {
    expect(
      resolveTemplate({ a: ['${{ host.cores }}', 1, { b: 'x${{ host.cores }}' }], c: null }, scope),
    ).toEqual({ value: { a: [2, 1, { b: 'x2' }], c: null } });
  });

  it('evaluates once: what a value holds is never read as an expression', () => {
    expect(resolveTemplate('${{ inputs.hostile }}', scope)).toEqual({ value: scope.inputs.hostile });
    expect(resolveTemplate('-${{ inputs.hostile }}-', scope)).toEqual({ value: `-${scope.inputs.hostile}-` });
  });

  it('knows braces and quotes within an expression', () => {
    expect(resolveTemplate(`\${{ "}}" + '\${{' }} \${{ {"a": {"b": 1}}["a"]["b"] }}`, scope)).toEqual({
      value: '}}${{ 1',
    });
  });

  it('says what is wrong, and does not throw', () => {
    expect(resolveTemplate(['${{ steps.missing }}'], scope)).toMatchObject({
      error: expect.stringContaining('there is no "missing"'),
    });
    expect(resolveTemplate('${{ 1', scope)).toMatchObject({ error: expect.stringContaining('without') });
    expect(resolveTemplate('${{ timestamp("2024-01-01T00:00:00Z") }}', scope)).toMatchObject({
      error: expect.stringContaining('cannot use'),
    });
  });

  it('gives back every value without an expression as it was', () => {
    const value = fc.jsonValue().filter((v) => !JSON.stringify(v).includes('${{'));
    fc.assert(
      fc.property(value, (v) => {
        // JSON has one zero.
        const plain = JSON.parse(JSON.stringify(v)) as JsonValue;
        fc.pre(!JSON.stringify(v).includes('__proto__'));
        expect(resolveTemplate(plain, scope)).toEqual({ value: plain });
      }),
      { numRuns: 300 },
    );
  });

  it('gives any input back with its type, whatever it holds', () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.array(fc.string()), fc.constant(null));
    fc.assert(
      fc.property(value, (v) => {
        expect(
          resolveTemplate('${{ inputs.some-value }}', { ...scope, inputs: { 'some-value': v } }),
        ).toEqual({
          value: v,
        });
      }),
    );
  });

  it('never throws, whatever is written', () => {
    const piece = fc.constantFrom(
      '${{',
      '}}',
      '{',
      '}',
      '"',
      "'",
      'inputs.',
      'x',
      '.all(',
      ')',
      '+',
      ' ',
      '1',
      '\\',
      'r"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(resolveTemplate(text, scope)).toBeTypeOf('object');
        expect(evaluateCondition(text, scope)).toBeTypeOf('object');
        expect(expressionNames(text)).toBeTypeOf('object');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('resolveArguments', () => {
  it('makes one argument of a value, and several of a list that stands alone', () => {
    expect(
      resolveArguments(
        ['tar', '${{ inputs.allowed-peers }}', 'n=${{ host.cores }}', '${{ inputs.hostile }}'],
        scope,
      ),
    ).toEqual({
      value: ['tar', '10.0.0.1', '2001:db8::1', 'n=2', scope.inputs.hostile],
    });
  });
});

describe('resolveEnvironment', () => {
  it('makes text of every value, and names the variable that fails', () => {
    expect(resolveEnvironment({ A: '${{ inputs.allowed-peers }}', B: 'x' }, scope)).toEqual({
      value: { A: '10.0.0.1,2001:db8::1', B: 'x' },
    });
    expect(resolveEnvironment({ A: '${{ host.no }}' }, scope)).toMatchObject({
      error: expect.stringMatching(/^A: /),
    });
  });
});

describe('what the scope offers', () => {
  it('is what the engine puts into it', () => {
    const host: Readonly<Record<Exclude<keyof HostSummary, 'cloud'>, string | number | boolean>> = {
      hostname: 'h',
      distribution: 'd',
      kernel: 'k',
      cores: 1,
      bootId: 'b',
      isRoot: true,
      isDrill: false,
      serviceManager: 's',
      firewall: 'f',
    };
    const step = { id: 'look', status: 'todo', findings: null, chosen: [] };
    const made = expressionScope({ id: 'i', inputs: {}, host, steps: [step] } as unknown as Incident);
    expect(Object.keys(made).toSorted()).toEqual([...SCOPE_ROOTS].toSorted());
    expect(Object.keys(made.host ?? {}).toSorted()).toEqual([...HOST_NAMES].toSorted());
    expect(made.host).toMatchObject({ cloudMachine: '', cloudZone: '', cloudGroup: '' });
    const cloud = { machine: 'web-07', zone: 'europe-west1-b', group: 'shop' };
    const there = { id: 'i', inputs: {}, host: { ...host, cloud }, steps: [] } as unknown as Incident;
    expect(expressionScope(there).host).toMatchObject({
      ...{ cloudMachine: 'web-07', cloudZone: 'europe-west1-b', cloudGroup: 'shop' },
    });
    expect(Object.keys(made.incident ?? {})).toEqual([...INCIDENT_NAMES]);
    expect(made.steps).toEqual({
      look: Object.fromEntries(STEP_FIELDS.map((field) => [field, expect.anything()])),
    });
  });
});

describe('names', () => {
  it('are found with their places', () => {
    const text = 'steps.kill-process.found > 0 && inputs["ending"] == host.hostname';
    const { names } = expressionNames(text);
    expect(
      names.map(({ root, name, field, start, end }) => [root, name, field, text.slice(start, end)]),
    ).toEqual([
      ['steps', 'kill_process', 'found', 'found'],
      ['steps', 'kill_process', null, 'kill-process'],
      ['inputs', 'ending', null, '"ending"'],
      ['host', 'hostname', null, 'hostname'],
    ]);
  });

  it('of secret inputs make their variables secret, also when the name is worked out', () => {
    const inputs = { 'api-token': { isSecret: true }, ending: { isSecret: false } };
    const env = {
      TOKEN: 'Bearer ${{ inputs.api-token }}',
      ENDING: '${{ inputs.ending }}',
      PLAIN: 'api-token',
      COMPUTED: '${{ inputs["api-" + "token"] }}',
    };
    expect(secretNames(env, inputs)).toEqual(['TOKEN', 'COMPUTED']);
    expect(inputsUsed('${{ inputs.ending }} ${{ inputs.api-token }}', Object.keys(inputs))).toEqual([
      'api-token',
      'ending',
    ]);
  });
});
