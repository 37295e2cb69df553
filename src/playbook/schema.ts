/**
 * The playbook file as it is written: the one source for what `parse.ts` accepts and for the JSON Schema that
 * editors read. What reaches across keys (ids, needs, expressions, parameters of actions) is in check-*.ts.
 */
import { z } from 'zod';
import { DURATION_EXPECTED, DURATION_PATTERN } from './duration.ts';
import { CLOUD_NAMES, CLOUD_TOOLS, INPUT_TYPES } from './playbook.ts';

export const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** They mean something else in an expression: `inputs.in` could not be read. */
const WORDS_OF_CEL = /^(?!(?:in|true|false|null)$)/;
const NAME_EXPECTED = 'expected lower-case words joined by dashes, like kill-process';

const TECHNIQUE_EXPECTED = 'expected an ATT&CK technique id like T1053.003';

const name = z
  .string({ error: NAME_EXPECTED })
  .max(60)
  .regex(NAME_PATTERN, NAME_EXPECTED)
  .regex(WORDS_OF_CEL, 'expected another name: this word has a meaning in expressions');
const line = z
  .string()
  .max(200)
  .regex(/^\s*\S[^\n]*\n?$/, 'expected one line of text');
const text = z.string().max(10_000);
const duration = z
  .string({ error: `expected ${DURATION_EXPECTED}` })
  .regex(DURATION_PATTERN, `expected ${DURATION_EXPECTED}`);
const names = z.union([name, z.array(name)], { error: 'expected a step id or a list of them' });

/**
 * Variables that decide which programs and libraries a command loads; commands get them from the host's
 * trusted folders and from nowhere else.
 */
const ENV_NAME = /^(?!LD_|PATH$|IFS$|ENV$|BASH_ENV$|BASH_FUNC_)[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const env = z.record(
  z
    .string()
    .regex(ENV_NAME, 'expected a variable name like POOL_ADDRESS (not PATH, IFS, ENV, BASH_ENV or LD_…)'),
  text,
);

const command = z
  .union([text.regex(/\S/, 'expected a command'), z.array(text).min(1).max(200)], {
    error: 'expected a shell text or a list of arguments',
  })
  .describe('A shell text (no ${{ }} in it: values come in through env), or a list of arguments');

export const inputSchema = z.strictObject({
  type: z.enum(INPUT_TYPES).describe('What kind of value it is'),
  list: z.boolean().default(false).describe('A list of such values; typed with commas between'),
  description: text.default('').describe('What is asked for, in a few words'),
  required: z.boolean().default(false).describe('Nothing begins without it'),
  default: z.unknown().optional().describe('The value if none is given'),
  options: z.array(line).min(1).max(50).optional().describe('For type enum: the values to choose from'),
  pattern: z
    .string()
    .optional()
    .describe('A regular expression (RE2 syntax) that the whole value must match'),
  secret: z.boolean().default(false).describe('Kept in memory only; may be used in env and nowhere else'),
});

export const stepSchema = z.strictObject({
  id: name.describe('Unique in the playbook; names the step in needs, expressions and the journal'),
  name: line.describe('The line of the checklist'),
  why: text.default('').describe('For the responder: why this, and why now'),
  attack: z
    .array(z.string({ error: TECHNIQUE_EXPECTED }).regex(/^T\d{4}(\.\d{3})?$/, TECHNIQUE_EXPECTED))
    .max(30)
    .default([])
    .describe('ATT&CK technique ids that the step deals with'),
  uses: z.string().optional().describe('The action'),
  with: z.record(z.string(), z.unknown()).optional().describe("The action's parameters; may hold ${{ }}"),
  run: command.optional(),
  verify: command.optional().describe('Beside run: exit status 0 means that it holds'),
  undo: command.optional().describe('Beside run: takes it back'),
  env: env.optional().describe('Variables for run, verify and undo; may hold ${{ }}'),
  on: z
    .enum(['host', 'responder'])
    .default('host')
    .describe('Beside run: where the command runs, on the host or where the responder is'),
  'by-hand': z
    .strictObject({
      unless: z.enum(CLOUD_TOOLS).describe('The tool that the command needs, there and logged in'),
      do: z.array(text).min(1).max(50).describe('What to do, one instruction each; may hold ${{ }}'),
      record: z.array(line).max(50).default([]).describe('What to write down afterwards'),
    })
    .optional()
    .describe('Beside run with on: responder: what a person does where the tool is missing or not logged in'),
  manual: z
    .strictObject({
      do: z.array(text).min(1).max(50).describe('What to do, one instruction each'),
      record: z.array(line).max(50).default([]).describe('What to write down afterwards'),
    })
    .optional()
    .describe('Something a person does elsewhere'),
  if: z
    .union([text, z.boolean()], { error: 'expected a condition (CEL), true or false' })
    .optional()
    .describe('A CEL expression; the step is skipped where it is false'),
  needs: names.default([]).describe('Steps that must be finished first'),
  'needs-evidence-from': names.default([]).describe('Steps that must have left evidence first'),
  timeout: duration.optional().describe('For each command or operation of the step'),
  retries: z.int().min(0).max(10).default(0).describe('How often a failed operation is tried again'),
  'on-failure': z.enum(['stop', 'continue']).default('stop').describe('What a failure does to the rest'),
  risk: z
    .enum(['read-only', 'reversible', 'disruptive', 'irreversible'])
    .optional()
    .describe('Raises the risk above what the operations themselves say'),
});

export const playbookSchema = z.strictObject({
  name: name.describe('Names the playbook in lists'),
  title: line.describe('What it is for, in one line'),
  summary: text.default('').describe('When to use it and what it does'),
  platform: z.enum(['linux', 'windows', 'any']).default('any').describe('The hosts it is for'),
  provider: z
    .enum(CLOUD_NAMES)
    .optional()
    .describe('The cloud that the host is in, for a playbook that deals with it'),
  inputs: z.record(name, inputSchema).default({}).describe('What is asked before it begins'),
  env: env.default({}).describe('Variables for every run, verify and undo; may hold ${{ }}'),
  steps: z.array(stepSchema).min(1).max(200).describe('The checklist, in order'),
});

export type PlaybookFile = z.output<typeof playbookSchema>;
export type StepFile = z.output<typeof stepSchema>;
export type InputFile = z.output<typeof inputSchema>;
