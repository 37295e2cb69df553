import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { DURATION_PATTERN, durationText } from '../../src/playbook/duration.ts';
import { playbookJsonSchema } from '../../src/playbook/json-schema.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { JsonValue } from '../../src/playbook/playbook.ts';
import { inputSchema, playbookSchema, stepSchema } from '../../src/playbook/schema.ts';

/** `UPDATE=1` writes the schema and the README's table of actions instead of comparing them. */
const isUpdate = process.env.UPDATE === '1';
const folder = join(import.meta.dirname, '../../playbooks');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const shipped = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const validate = new Ajv({ strict: false }).compile(playbookJsonSchema(actionCatalogue));

const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

describe.each(shipped)('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('has no problems', () => {
    expect(parsePlaybook(text, file, actionCatalogue).problems).toEqual([]);
  });

  it('is what the schema describes, and names it for editors', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./playbook.schema.json');
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('says for every step why, without line breaks that a narrow screen could not undo', () => {
    const { playbook } = parsePlaybook(text, file, actionCatalogue);
    for (const step of playbook?.steps ?? []) {
      expect(step.why.split(' ').length, step.id).toBeGreaterThan(20);
      expect(step.why).not.toContain('\n');
    }
  });
});

describe('cryptominer-linux.yaml', () => {
  const text = readFileSync(join(folder, 'cryptominer-linux.yaml'), 'utf8');
  const { playbook } = parsePlaybook(text, 'cryptominer-linux.yaml', actionCatalogue);

  it('walks the ten steps in the order of a response', () => {
    expect(playbook?.steps.map((step) => [step.id, step.uses])).toEqual([
      ['look', 'triage'],
      ['snapshot', 'snapshot'],
      ['isolate', 'isolate'],
      ['block-c2', 'block-c2'],
      ['kill-process', 'kill-process'],
      ['purge-persistence', 'purge-persistence'],
      ['reset-keys', 'reset-keys'],
      ['patch', 'patch'],
      ['watch', 'watch'],
      ['rebuild-or-release', 'rebuild-or-release'],
    ]);
  });

  it('ends and removes nothing before evidence of it is kept', () => {
    for (const id of ['kill-process', 'purge-persistence']) {
      expect(playbook?.steps.find((step) => step.id === id)?.needsEvidenceFrom).toEqual(['snapshot']);
    }
  });

  it('can begin without a question', () => {
    expect(Object.values(playbook?.inputs ?? {}).some((input) => input.isRequired)).toBe(false);
  });
});

describe('playbook.schema.json', () => {
  it('is what `tourniquet playbook schema` prints', () => {
    const path = join(folder, 'playbook.schema.json');
    const schema = `${JSON.stringify(playbookJsonSchema(actionCatalogue), null, 2)}\n`;
    if (isUpdate) writeFileSync(path, schema);
    expect(readFileSync(path, 'utf8')).toBe(schema);
  });

  it.each<[string, JsonValue]>([
    ['an unknown key', { neds: [] }],
    ['an unknown action', { uses: 'frobnicate' }],
    ['two kinds at once', { run: 'true' }],
    ['an unknown parameter', { uses: 'isolate', with: { alow: [] } }],
    ['a parameter of another type', { uses: 'isolate', with: { 'allow-dns': 'perhaps' } }],
    ['a duration without a unit', { timeout: '10' }],
  ])('refuses %s', (_, change) => {
    const step = { id: 'a', name: 'A', uses: 'triage', ...(change as object) };
    expect(validate({ name: 'x', title: 'T', steps: [step] })).toBe(false);
  });

  it('accepts expressions where parameters are of another type', () => {
    const step = {
      id: 'a',
      name: 'A',
      uses: 'isolate',
      with: { allow: ['${{ inputs.a }}'], 'allow-dns': '${{ true }}' },
    };
    expect(validate({ name: 'x', title: 'T', steps: [step] }), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('playbooks/README.md', () => {
  it('has an example that is right', () => {
    expect(example).not.toBe('');
    expect(parsePlaybook(example, 'noisy-neighbour.yaml', actionCatalogue).problems).toEqual([]);
    expect(validate(parse(example)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('names every key', () => {
    const keys = [playbookSchema, stepSchema, inputSchema].flatMap((schema) => Object.keys(schema.shape));
    for (const key of keys) expect(unaligned(readme), key).toContain(`| \`${key}\` |`);
  });

  it('has every action with its parameters, as the registry describes them', () => {
    const between = /(<!-- actions: [^\n]*-->\n)[\s\S]*?(<!-- end of actions -->)/;
    const table = actionTable();
    if (isUpdate)
      writeFileSync(
        join(folder, 'README.md'),
        readme.replace(between, (_, begin, end) => `${begin}\n${table}\n\n${end}`),
      );
    expect(unaligned(readFileSync(join(folder, 'README.md'), 'utf8'))).toContain(
      `-->\n\n${unaligned(table)}\n`,
    );
  });

  it('explains every problem code', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/playbook/playbook.ts'), 'utf8');
    const codes = [...source.slice(source.indexOf('export type ProblemCode')).matchAll(/'([a-z-]+)'/g)];
    expect(codes.length).toBeGreaterThan(15);
    for (const [, code] of codes) expect(readme).toContain(`\`${code}\``);
  });
});

function actionTable(): string {
  const rows = ['| action | does | parameters (default) |', '| --- | --- | --- |'];
  for (const action of actionCatalogue.values()) {
    if (action.name === 'run' || action.name === 'manual') continue;
    const parameters = Object.entries(action.parameters.shape).map(([name, schema]) => {
      const { description = '' } = schema as z.ZodType;
      const alone = (schema as z.ZodType).safeParse(undefined);
      const value = alone.success ? written(schema as z.ZodType, alone.data) : 'needed';
      return `\`${name}\`: ${description} (${value})`;
    });
    rows.push(`| \`${action.name}\` | ${action.summary} | ${parameters.join('; ') || 'none'} |`);
  }
  return rows.join('\n');
}

/** A default as it would stand in a playbook. */
function written(schema: z.ZodType, value: unknown): string {
  if (value === null || value === '' || JSON.stringify(value) === '[]') return 'none';
  if (Array.isArray(value)) return `\`[${value.join(', ')}]\``;
  const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const isDuration = json.includes(JSON.stringify(DURATION_PATTERN.source));
  return `\`${isDuration ? durationText(value as number) : String(value)}\``;
}

/** The formatter aligns tables. */
function unaligned(markdown: string): string {
  return markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');
}
