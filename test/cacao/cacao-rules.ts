import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * What CACAO 2.0 asks of a playbook, as JSON Schema, in our own words by the standard's property tables (sections 3,
 * 4, 5, 7, 10). No package of npm or Debian carries the published schemas (oasis-open/cacao-json-schemas); these were
 * compared with them property by property, and are stricter: those say draft-07, in which their own
 * `unevaluatedProperties` means nothing, so there a property that is in no table passes; here it is wrong.
 */
const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const text = { type: 'string' };
const id = { type: 'string', pattern: `^[a-z][a-z0-9-]+[a-z0-9]--${UUID}$` };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const texts = { type: 'array', items: text, minItems: 1 };
const closed = (required: string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const dictionary = (pattern: string, values: object) => ({
  type: 'object',
  minProperties: 1,
  patternProperties: { [pattern]: values },
  additionalProperties: false,
});
const extensions = dictionary(`^extension-definition--${UUID}$`, { type: 'object' });
const variables = dictionary('^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$', {
  ...closed(['type'], {
    type: text,
    description: text,
    value: { type: ['string', 'null'] },
    constant: { type: 'boolean' },
    external: { type: 'boolean' },
  }),
});
const stepOf = (type: string, required: string[], more: object, without: readonly string[] = []) => ({
  ...closed(['type', ...required], {
    type: { const: type },
    name: text,
    description: text,
    delay: { type: 'integer', minimum: 1 },
    timeout: { type: 'integer', minimum: 0 },
    step_variables: variables,
    owner: id,
    on_completion: id,
    on_success: id,
    on_failure: id,
    step_extensions: extensions,
    ...more,
  }),
  // On completion, or on success with or without on failure; of the first and the last step less.
  not: {
    anyOf: [
      ...without.map((name) => ({ required: [name] })),
      { required: ['on_completion', 'on_success'] },
      { required: ['on_completion', 'on_failure'] },
    ],
  },
  ...(type === 'end' ? {} : { anyOf: [{ required: ['on_completion'] }, { required: ['on_success'] }] }),
});
const command = {
  type: 'object',
  required: ['type', 'command'],
  properties: {
    type: { enum: ['bash', 'manual'] },
    command: { type: 'string', minLength: 1 },
    description: text,
    playbook_activity: text,
  },
  additionalProperties: false,
};
const agents = {
  type: 'object',
  minProperties: 1,
  patternProperties: {
    [`^linux--${UUID}$`]: closed(['type', 'name', 'address'], {
      type: { const: 'linux' },
      name: text,
      address: closed([], { dname: texts, ipv4: texts, ipv6: texts }),
    }),
    [`^individual--${UUID}$`]: closed(['type', 'name'], { type: { const: 'individual' }, name: text }),
  },
  additionalProperties: false,
};
const playbook = closed(
  ['type', 'spec_version', 'id', 'name', 'created_by', 'created', 'modified', 'workflow_start', 'workflow'],
  {
    type: { const: 'playbook' },
    spec_version: { const: 'cacao-2.0' },
    id,
    name: text,
    description: text,
    playbook_types: texts,
    playbook_activities: texts,
    created_by: { type: 'string', pattern: `^identity--${UUID}$` },
    created: time,
    modified: time,
    playbook_variables: variables,
    workflow_start: { type: 'string', pattern: `^start--${UUID}$` },
    workflow: {
      type: 'object',
      patternProperties: {
        [`^start--${UUID}$`]: stepOf('start', [], {}, ['on_success', 'on_failure']),
        [`^end--${UUID}$`]: stepOf('end', [], {}, ['on_completion', 'on_success', 'on_failure']),
        [`^action--${UUID}$`]: stepOf('action', ['commands', 'agent'], {
          commands: { type: 'array', items: command, minItems: 1 },
          agent: id,
          targets: { type: 'array', items: id, minItems: 1 },
        }),
      },
      additionalProperties: false,
    },
    playbook_extensions: extensions,
    agent_definitions: agents,
    extension_definitions: dictionary(`^extension-definition--${UUID}$`, {
      ...closed(['type', 'name', 'created_by', 'schema', 'version'], {
        type: { const: 'extension-definition' },
        name: text,
        description: text,
        created_by: id,
        schema: text,
        version: text,
      }),
    }),
  },
);

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(playbook);

export function brokenRules(json: unknown): (ErrorObject | string)[] {
  return validate(json) ? activitiesNotDone(json) : [...(validate.errors ?? [])];
}

/** Each activity that the playbook names is that of a command in it (3.1). */
function activitiesNotDone(json: unknown): string[] {
  const { playbook_activities: named = [], workflow } = json as {
    playbook_activities?: string[];
    workflow: Record<string, { commands?: { playbook_activity?: string }[] }>;
  };
  const done = Object.values(workflow).flatMap(({ commands = [] }) =>
    commands.map((one) => one.playbook_activity),
  );
  return named.filter((one) => !done.includes(one)).map((one) => `no step does ${one}`);
}
