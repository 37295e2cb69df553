import { z } from 'zod';
import type { ActionCatalogue, ActionDescription } from './catalogue.ts';
import type { JsonValue } from './playbook.ts';
import { mapOf, type RawMap } from './raw.ts';
import { playbookSchema } from './schema.ts';

type SchemaMap = Readonly<Record<string, JsonValue>>;

/** Where a value is expected, an expression may stand that gives it. */
const EXPRESSION: SchemaMap = { type: 'string', pattern: '\\$\\{\\{' };

/**
 * The playbook format as JSON Schema, for editors: completion, descriptions and the first errors while typing.
 * Draft 7, which the YAML language server reads in full. It follows from the same zod schemas that `parsePlaybook`
 * checks with; what it cannot say (needs, expressions) only `tourniquet playbook check` finds.
 */
export function playbookJsonSchema(catalogue: ActionCatalogue): SchemaMap {
  const whole = schemaOf(playbookSchema);
  const properties = mapOf(whole.properties);
  const steps = mapOf(properties.steps);
  const step = mapOf(steps.items);
  const stepKeys = mapOf(step.properties);
  const actions = [...catalogue.values()].filter(({ name }) => name !== 'run' && name !== 'manual');
  return {
    ...whole,
    title: 'tourniquet playbook',
    properties: {
      ...properties,
      steps: {
        ...steps,
        items: {
          ...step,
          properties: {
            ...stepKeys,
            uses: {
              description: 'The action',
              oneOf: actions.map(({ name, summary }) => ({ const: name, description: summary })),
            },
            run: {
              ...mapOf(stepKeys.run),
              description: 'A command: shell text (values come in through env), or a list of arguments',
            },
          },
          oneOf: [{ required: ['uses'] }, { required: ['run'] }, { required: ['manual'] }],
          allOf: actions.map(whenUsed),
        },
      },
    },
  };
}

/** `uses: NAME` decides what `with` may hold. */
function whenUsed(action: ActionDescription): SchemaMap {
  const parameters = schemaOf(action.parameters);
  const properties = Object.entries(mapOf(parameters.properties)).map(
    ([name, schema]) => [name, orExpression(mapOf(schema))] as const,
  );
  const { $schema: _, ...rest } = parameters;
  return {
    if: { properties: { uses: { const: action.name } }, required: ['uses'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it that.
    then: { properties: { with: { ...rest, properties: Object.fromEntries(properties) } } },
  };
}

function orExpression({ description, default: standard, ...schema }: RawMap): SchemaMap {
  const items: SchemaMap =
    schema.items === undefined ? {} : { items: { anyOf: [mapOf(schema.items), EXPRESSION] } };
  return {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    anyOf: [{ ...schema, ...items }, EXPRESSION],
  };
}

function schemaOf(schema: z.ZodType): RawMap {
  // What is written in the file, before defaults and transformations.
  const made = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(made)) as RawMap;
}
