import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseCidr, parseEndpoint } from '../../src/playbook/address.ts';
import { durationText, MAX_DURATION_MS, parseDuration } from '../../src/playbook/duration.ts';
import { formatInputValue, parseInputValue } from '../../src/playbook/input-value.ts';
import { INPUT_TYPES, type InputDefinition, type JsonValue } from '../../src/playbook/playbook.ts';

function input(some: Partial<InputDefinition>): InputDefinition {
  return {
    type: 'string',
    isList: false,
    description: '',
    isRequired: false,
    isSecret: false,
    default: null,
    options: [],
    pattern: null,
    ...some,
  };
}

describe('parseInputValue', () => {
  it.each<[Partial<InputDefinition>, JsonValue, JsonValue]>([
    [{}, ' as it is ', ' as it is '],
    [{}, '', ''],
    [{ default: 'x' }, null, 'x'],
    [{ type: 'integer' }, ' 42 ', 42],
    [{ type: 'integer' }, '-0', 0],
    [{ type: 'integer', default: 7 }, '', 7],
    [{ type: 'boolean' }, 'Yes', true],
    [{ type: 'boolean' }, 'off', false],
    [{ type: 'enum', options: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'ip' }, '2001:0DB8:0:0::0001', '2001:db8::1'],
    [{ type: 'ip' }, '::ffff:192.0.2.1', '192.0.2.1'],
    [{ type: 'cidr' }, '10.0.0.0/8', '10.0.0.0/8'],
    [{ type: 'cidr' }, '10.0.0.5', '10.0.0.5'],
    [{ type: 'cidr' }, '0.0.0.0/0', '0.0.0.0/0'],
    [{ type: 'cidr' }, 'fe80::/10', 'fe80::/10'],
    [{ type: 'path' }, '/var/log/a b', '/var/log/a b'],
    [{ type: 'pid' }, '4194304', 4_194_304],
    [{ type: 'duration' }, '1h30m', 5_400_000],
    [{ type: 'duration' }, 5000, 5000],
    [{ type: 'ip', isList: true }, '10.0.0.1, ::1', ['10.0.0.1', '::1']],
    [{ type: 'ip', isList: true, default: [] }, '', []],
    [{ isList: true }, '["a,b", "c"]', ['a,b', 'c']],
    [{ type: 'integer', isList: true }, [1, '2'], [1, 2]],
    [{ pattern: '[a-z]+' }, 'abc', 'abc'],
  ])('%j given %j is %j', (definition, raw, value) => {
    expect(parseInputValue(input(definition), raw)).toEqual({ value });
  });

  it.each<[Partial<InputDefinition>, JsonValue, string]>([
    [{ isRequired: true }, '', 'needed'],
    [{ isRequired: true, isList: true }, null, 'needed'],
    [{}, 5, 'expected text'],
    [{}, 'a\0b', 'zero byte'],
    [{}, 'x'.repeat(20_000), 'at most'],
    [{ type: 'integer' }, '1.5', 'whole number'],
    [{ type: 'integer' }, '99999999999999999999', 'whole number'],
    [{ type: 'boolean' }, 'perhaps', 'true or false'],
    [{ type: 'enum', options: ['a', 'b'] }, 'c', 'one of a, b'],
    [{ type: 'ip' }, '10.0.0.256', 'address'],
    [{ type: 'ip' }, '010.0.0.1', 'address'],
    [{ type: 'ip' }, 'fe80::1%eth0', 'address'],
    [{ type: 'ip' }, '10.0.0.1; rm -rf /', 'address'],
    [{ type: 'cidr' }, '10.1.2.3/8', '10.0.0.0/8 is the range'],
    [{ type: 'cidr' }, '2001:db8::1/32', '2001:db8::/32 is the range'],
    [{ type: 'cidr' }, '10.0.0.0/33', '0 to 32'],
    [{ type: 'cidr' }, '10.0.0.0/', 'prefix length'],
    [{ type: 'path' }, 'relative', 'absolute'],
    [{ type: 'path' }, '/a/../b', '".."'],
    [{ type: 'pid' }, '0', '1 to'],
    [{ type: 'duration' }, '10', 'unit is missing'],
    [{ type: 'duration' }, '10m 5', 'duration'],
    [{ type: 'duration' }, '400d', 'a year'],
    [{ type: 'ip', isList: true }, '10.0.0.1,x', 'item 2'],
    [{ isList: true }, { a: 1 }, 'list'],
    [{ pattern: '[a-z]+' }, 'abc1', 'something like [a-z]+'],
  ])('%j given %j is refused: %s', (definition, raw, problem) => {
    const parsed = parseInputValue(input(definition), raw);
    expect('problem' in parsed && parsed.problem).toContain(problem);
  });

  it('ends soon whatever the pattern', () => {
    expect(parseInputValue(input({ pattern: '(a+)+b' }), 'a'.repeat(5000))).toHaveProperty('problem');
  });

  it('never throws, whatever is given', () => {
    const type = fc.constantFrom(...INPUT_TYPES);
    fc.assert(
      fc.property(type, fc.boolean(), fc.oneof(fc.string(), fc.jsonValue()), (kind, isList, raw) => {
        const definition = input({ type: kind, isList, options: ['a'] });
        const parsed = parseInputValue(definition, raw as JsonValue);
        // What was accepted is canonical: it is accepted again, and stays the same.
        if ('value' in parsed && parsed.value !== null) {
          expect(parseInputValue(definition, parsed.value)).toEqual(parsed);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back what formatInputValue writes', () => {
    const values: Record<InputDefinition['type'], fc.Arbitrary<JsonValue>> = {
      string: fc.string({ minLength: 1 }).filter((text) => text.trim() !== '' && !text.includes('\0')),
      integer: fc.integer(),
      boolean: fc.boolean(),
      enum: fc.constantFrom('ask', 'a,b', '[x'),
      ip: fc.oneof(fc.ipV4(), fc.ipV6()),
      cidr: fc.oneof(fc.ipV4(), fc.constant('10.0.0.0/8'), fc.constant('fe80::/10')),
      path: fc.string({ unit: 'grapheme' }).map((text) => `/${text.replaceAll(/\0|\.\./g, '')}`),
      pid: fc.integer({ min: 1, max: 4_194_304 }),
      duration: fc.integer({ min: 0, max: MAX_DURATION_MS }),
    };
    for (const type of INPUT_TYPES) {
      for (const isList of [false, true]) {
        const definition = input({ type, isList, options: ['ask', 'a,b', '[x'] });
        const value = isList ? fc.array(values[type], { minLength: 1, maxLength: 5 }) : values[type];
        fc.assert(
          fc.property(value as fc.Arbitrary<JsonValue>, (v) => {
            const parsed = parseInputValue(definition, v);
            if ('problem' in parsed) throw new Error(parsed.problem);
            expect(parseInputValue(definition, formatInputValue(definition, parsed.value))).toEqual(parsed);
          }),
          { numRuns: 100 },
        );
      }
    }
  });
});

describe('durations', () => {
  it('are written and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_DURATION_MS }), (ms) => {
        expect(parseDuration(durationText(ms))).toEqual({ value: ms });
      }),
    );
  });

  it.each(['', 'm', '5', '-5m', '1m1h', '1e3s', '5 m', '1.5h', '٥m'])('%j is none', (text) => {
    expect(parseDuration(text)).toHaveProperty('problem');
  });
});

describe('addresses', () => {
  it('are canonical: parsed again they stay the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const parsed = parseAddress(text);
        if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`);
        expect(parseAddress(parsed.value)).toEqual(parsed);
      }),
    );
  });

  it('have a range for every prefix length, named when bits are left behind it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 128 }), (text, length) => {
        const address = parseAddress(text);
        if ('problem' in address) throw new Error(address.problem);
        fc.pre(address.value.includes(':') || length <= 32);
        const parsed = parseCidr(`${text}/${length}`);
        const range =
          'value' in parsed ? parsed.value : (/: (\S+) is the range/.exec(parsed.problem)?.[1] ?? '');
        expect(parseCidr(range)).toEqual({ value: range });
      }),
    );
  });

  it.each([
    ['10.0.0.1:22', '10.0.0.1:22'],
    ['[2001:DB8::1]:443', '[2001:db8::1]:443'],
    [' 10.0.0.1:065 ', '10.0.0.1:65'],
  ])('%s is an endpoint', (text, value) => {
    expect(parseEndpoint(text)).toEqual({ value });
  });

  it.each(['10.0.0.1', '10.0.0.1:0', '10.0.0.1:65536', '2001:db8::1:22', 'host:22', ':22'])(
    '%s is none',
    (text) => {
      expect(parseEndpoint(text)).toHaveProperty('problem');
    },
  );
});
