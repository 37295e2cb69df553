import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { allowSchema } from '../../src/playbook/allow-schema.ts';
import { dataFileSchema } from '../../src/playbook/data-json-schema.ts';
import { INDICATOR_KINDS } from '../../src/playbook/indicator-schema.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import { parseAllow } from '../../src/playbook/parse-allow.ts';
import { parseIndicators } from '../../src/playbook/parse-indicators.ts';
import { formatProblems } from '../../src/playbook/problem-text.ts';

const folder = join(import.meta.dirname, '../../playbooks');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const example = (name: string) =>
  new RegExp(`<!-- example: ${name} -->\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';

describe('the examples of playbooks/README.md', () => {
  it('are right, and the schema for editors says so too', () => {
    const path = join(folder, 'allow.schema.json');
    const schema = dataFileSchema(allowSchema, 'tourniquet allow list');
    if (process.env.UPDATE === '1') writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(schema);
    expect(parseIndicators(example('indicators')).problems).toEqual([]);
    const { data, problems } = parseAllow(example('allow'));
    expect(problems).toEqual([]);
    expect(data?.map(({ entry }) => entry.kind)).toEqual([
      'file',
      'line',
      'key',
      'unit',
      'package',
      'address',
      'image',
      'account',
    ]);
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(parse(example('allow'))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('show a step that tells somebody, as it is taken', () => {
    const step = example('notify').replace(/^/gm, '  ');
    const text = `name: x\ntitle: X\nsteps:\n  - { id: look, name: Look, uses: triage }\n${step}`;
    expect(parsePlaybook(text, 'x.yaml', actionCatalogue).problems).toEqual([]);
  });

  it('name every kind of indicator', () => {
    for (const kind of INDICATOR_KINDS) expect(readme).toContain(`\`${kind}\``);
  });
});

describe('a file of indicators', () => {
  const head = 'name: own\ntitle: T\nsources: { a: "https://example.org/" }\n';

  it('tells every problem with its place', () => {
    const text = `${head}names:\n  - { values: [a/b], source: a }\n  - { values: [good], source: b }\nport:\n  - { values: 1, source: a }\nports:\n  - { values: 99999, source: a }\n`;
    const { data, problems } = parseIndicators(text);
    expect(data).toBeNull();
    expect(problems.map(({ line, column, code }) => [line, column, code])).toEqual([
      [5, 16, 'wrong-value'],
      [7, 1, 'unknown-key'],
      [10, 15, 'wrong-value'],
    ]);
    expect(formatProblems(problems, text, 'own.yaml')).toContain('own.yaml:5:16: error [wrong-value]');
  });

  it('names no source that is not there', () => {
    const { problems } = parseIndicators(`${head}names:\n  - { values: [good], source: [a, b] }\n`);
    expect(problems).toMatchObject([{ line: 5, message: 'there is no source "b"', hint: 'there are a' }]);
  });

  it('takes no pattern that could take for ever', () => {
    const wallets = (value: string) =>
      parseIndicators(`${head}wallets:\n  - { values: '${value}', source: a }\n`).problems.length;
    expect(wallets('[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}')).toBe(0);
    for (const bad of ['(a+)+b', 'a*b*c*', '[^x]{3}', 'a{1,900}b', 'a|b']) expect(wallets(bad)).toBe(1);
  });

  it('is a file of indicators in what is said of it, not a playbook', () => {
    const said = [parseIndicators(''), parseIndicators('- a\n')].flatMap(({ problems }) => problems);
    expect(JSON.stringify(said)).not.toContain('playbook');
  });
});

describe('an allow list', () => {
  it.each([
    ['allow:\n  - { because: x }\n', 'the entry names nothing'],
    ['allow:\n  - { file: /x, because: x }\n', 'a file needs its content as well'],
    ['allow:\n  - { unit: a.service, account: b, because: x }\n', 'names unit and account at once'],
    ['allow:\n  - { account: b, line: q, because: x }\n', 'sha256 and line go with a file'],
    ['allow:\n  - { account: b }\n', '"because" is missing'],
    ['allow:\n  - { address: 999.1.1.1, because: x }\n', 'no host has the address 999.1.1.1'],
    ['allow:\n  - { address: "2001:db8:::9", because: x }\n', 'no host has the address'],
  ])('says what is wrong with %j', (text, message) => {
    expect(parseAllow(text).problems[0]?.message).toContain(message);
  });

  it.each(['203.0.113.9', '2001:db8::9', '::ffff:203.0.113.9'])('takes the address %s', (address) => {
    expect(parseAllow(`allow:\n  - { address: "${address}", because: x }\n`).problems).toEqual([]);
  });
});
