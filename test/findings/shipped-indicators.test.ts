import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SHIPPED_INDICATORS } from '../../src/findings/shipped-indicators.ts';
import { dataFileSchema } from '../../src/playbook/data-json-schema.ts';
import { indicatorSchema } from '../../src/playbook/indicator-schema.ts';
import { parseIndicators } from '../../src/playbook/parse-indicators.ts';

/** `UPDATE=1` writes the schema and the table that the program carries instead of comparing them. */
const isUpdate = process.env.UPDATE === '1';
const folder = join(import.meta.dirname, '../../playbooks/indicators');
const table = join(import.meta.dirname, '../../src/findings/shipped-indicators.ts');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const schema = dataFileSchema(indicatorSchema, 'tourniquet indicators');
const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(schema);

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('has no problems, and is called by its name', () => {
    const { data, problems } = parseIndicators(text);
    expect(problems).toEqual([]);
    expect(`${data?.name}.yaml`).toBe(file);
  });

  it('is what the schema describes, and names it for editors', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./indicators.schema.json');
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has no source that no entry is from', () => {
    const used = new Set(parseIndicators(text).data?.entries.flatMap(({ sources }) => sources));
    const named = Object.values((parse(text) as { sources: Record<string, string> }).sources);
    expect(named.filter((source) => !used.has(source))).toEqual([]);
  });
});

describe('what the program carries', () => {
  const sets = files.map((file) => parseIndicators(readFileSync(join(folder, file), 'utf8')).data);

  it('is what the files say', () => {
    if (isUpdate) writeFileSync(table, moduleText(sets));
    else expect(SHIPPED_INDICATORS).toEqual(sets);
  });

  it('is described by the schema beside the files', () => {
    const path = join(folder, 'indicators.schema.json');
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (isUpdate) writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

function moduleText(content: unknown): string {
  return [
    "import type { IndicatorSet } from './indicator.ts';",
    '',
    '/**',
    ' * Written from playbooks/indicators/*.yaml by `UPDATE=1 vitest test/findings/shipped-indicators.test.ts`, which holds',
    ' * it to them: findings/ reads no file, and an agent has these wherever it runs.',
    ' */',
    '// biome-ignore format: a table that is written by a program',
    `export const SHIPPED_INDICATORS: readonly IndicatorSet[] = ${JSON.stringify(content, null, 1).replace(/\n +/g, ' ')};`,
    '',
  ].join('\n');
}
