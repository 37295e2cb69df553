/**
 * CACAO Security Playbooks 2.0 (OASIS, docs.oasis-open.org/cacao/security-playbooks/v2.0), as far as a playbook is
 * read: in our own words, by the property tables of sections 3 to 10. What is said in it and is not needed here
 * (markings, signatures, contacts) is let through unread.
 */
import { z } from 'zod';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const IDENTIFIER = new RegExp(`^[a-z][a-z0-9-]+[a-z0-9]--${UUID}$`);
const id = z.string().regex(IDENTIFIER, 'expected an identifier like action--<UUID>');
const idOf = (type: string) =>
  z.string().regex(new RegExp(`^${type}--${UUID}$`), `expected an identifier like ${type}--<UUID>`);
const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'expected a time in UTC like 2026-01-31T12:00:00.000Z');
const text = z.string().max(65_536);

const variable = z.looseObject({
  type: z.string(),
  description: text.optional(),
  value: z.union([text, z.null(), z.looseObject({})]).optional(),
  constant: z.boolean().optional(),
  external: z.boolean().optional(),
});
export type CacaoVariable = z.output<typeof variable>;
const variables = z.record(
  z.string().regex(/^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$/, 'expected a name like __pool__'),
  variable,
);

const commandData = z.looseObject({
  type: z.string(),
  description: text.optional(),
  command: text.optional(),
  command_b64: z.base64().max(1_000_000).optional(),
});
export type CacaoCommand = z.output<typeof commandData>;

const common = {
  name: text.optional(),
  description: text.optional(),
  delay: z.int().min(0).optional(),
  timeout: z.int().min(0).optional(),
  step_variables: variables.optional(),
  on_completion: id.optional(),
  on_success: id.optional(),
  on_failure: id.optional(),
  step_extensions: z.record(z.string(), z.looseObject({})).optional(),
};

const workflowStep = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('start'), ...common }),
  z.looseObject({ type: z.literal('end'), ...common }),
  z.looseObject({
    type: z.literal('action'),
    ...common,
    commands: z.array(commandData).min(1),
    agent: id,
    targets: z.array(id).min(1).optional(),
  }),
  z.looseObject({ type: z.literal('playbook-action'), ...common, playbook_id: id }),
  z.looseObject({ type: z.literal('parallel'), ...common, next_steps: z.array(id).min(2) }),
  z.looseObject({
    type: z.literal('if-condition'),
    ...common,
    condition: text,
    on_true: id,
    on_false: id.optional(),
  }),
  z.looseObject({ type: z.literal('while-condition'), ...common, condition: text, on_true: id }),
  z.looseObject({
    type: z.literal('switch-condition'),
    ...common,
    switch: text,
    cases: z.record(z.string(), id),
  }),
]);
export type CacaoStep = z.output<typeof workflowStep>;

const agentTarget = z.looseObject({ type: z.string(), name: text });

export const cacaoSchema = z.looseObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: idOf('playbook'),
  name: text,
  description: text.optional(),
  created_by: id,
  created: timestamp,
  modified: timestamp,
  playbook_variables: variables.optional(),
  workflow_start: idOf('start'),
  workflow_exception: id.optional(),
  workflow: z.record(id, workflowStep),
  agent_definitions: z.record(id, agentTarget).optional(),
  target_definitions: z.record(id, agentTarget).optional(),
  playbook_extensions: z.record(z.string(), z.looseObject({})).optional(),
});
export type CacaoPlaybook = z.output<typeof cacaoSchema>;
