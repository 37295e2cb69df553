import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * What STIX 2.1 asks of a bundle with identities, indicators and reports, read from the standard (3.2 common
 * properties, 4.5, 4.7, 4.16, 8, 9). No package of npm or Debian carries the schemas of OASIS
 * (oasis-open/cti-stix2-json-schemas, stix2-validator); identity, external references, times and ids were compared
 * with them, patterns with their grammar (STIXPattern.g4).
 */
export function checkBundle(bundle: unknown): string[] {
  if (!validate(bundle)) return (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
  const { objects } = bundle;
  const ids = new Set(objects.map(({ id }) => id));
  return [
    ...(ids.size === objects.length ? [] : ['an id stands twice']),
    ...objects
      .filter(({ id, type }) => !id.startsWith(`${type}--`))
      .map(({ id }) => `${id} is of another type`),
    ...objects.flatMap(({ object_refs = [] }) => object_refs.filter((ref) => !ids.has(ref))),
  ];
}

interface Bundle {
  readonly objects: readonly {
    readonly id: string;
    readonly type: string;
    readonly object_refs?: readonly string[];
  }[];
}

const id = (type: string) => ({
  type: 'string',
  pattern: `^${type}--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
});
const TIME = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const WORD = { type: 'string', minLength: 1 };
const common = (type: string) => ({
  type: { const: type },
  spec_version: { const: '2.1' },
  id: id(type),
  created: TIME,
  modified: TIME,
  created_by_ref: id('identity'),
});
/** Of the grammar what is used here: an object's path, `=`, a string literal, more of them with AND. */
const LITERAL = "'(?:[^'\\\\]|\\\\['\\\\])*'";
const TEST = `[a-zA-Z_][a-zA-Z0-9_-]*:[a-zA-Z_][a-zA-Z0-9_]*(?:\\.(?:[a-zA-Z_][a-zA-Z0-9_]*|${LITERAL}))* = ${LITERAL}`;
const PATTERN = `^\\[${TEST}(?: AND ${TEST})*\\]$`;
const REQUIRED = ['type', 'spec_version', 'id', 'created', 'modified'];

const validate = new Ajv2020().compile<Bundle>({
  type: 'object',
  additionalProperties: false,
  required: ['type', 'id'],
  properties: {
    type: { const: 'bundle' },
    id: id('bundle'),
    objects: {
      type: 'array',
      minItems: 1,
      items: {
        oneOf: [
          {
            type: 'object',
            additionalProperties: false,
            required: [...REQUIRED, 'name'],
            properties: { ...common('identity'), name: WORD, identity_class: { const: 'system' } },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: [...REQUIRED, 'pattern', 'pattern_type', 'valid_from'],
            properties: {
              ...common('indicator'),
              name: WORD,
              description: WORD,
              indicator_types: { type: 'array', minItems: 1, items: WORD },
              pattern: { type: 'string', pattern: PATTERN },
              pattern_type: { const: 'stix' },
              pattern_version: { const: '2.1' },
              valid_from: TIME,
              confidence: { type: 'integer', minimum: 0, maximum: 100 },
              external_references: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  required: ['source_name', 'external_id'],
                  properties: { source_name: WORD, external_id: WORD, url: WORD },
                },
              },
            },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: [...REQUIRED, 'name', 'published', 'object_refs'],
            properties: {
              ...common('report'),
              name: WORD,
              report_types: { type: 'array', minItems: 1, items: WORD },
              published: TIME,
              object_refs: { type: 'array', minItems: 1, items: WORD },
            },
          },
        ],
      },
    },
  },
});
