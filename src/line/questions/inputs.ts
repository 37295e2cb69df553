import type { Question } from '../../engine/effect.ts';
import { durationText } from '../../playbook/duration.ts';
import { parseInputValue } from '../../playbook/input-value.ts';
import type { InputDefinition, JsonValue } from '../../playbook/playbook.ts';
import { asSentence } from '../../text/format.ts';
import { tell } from '../menu.ts';
import type { Talk } from '../talk.ts';

/** Values that the playbook needs, one after the other; each is checked as it is given. */
export async function askInputs(talk: Talk, question: Extract<Question, { kind: 'inputs' }>): Promise<void> {
  const { inputs } = talk.handle.view().incident.playbook;
  talk.say();
  talk.say(
    `The playbook needs ${question.names.length === 1 ? 'a value' : `${question.names.length} values`}.`,
  );
  const values: Record<string, JsonValue> = {};
  for (const name of question.names) {
    const definition = inputs[name];
    if (definition === undefined) continue;
    const value = await askValue(talk, name, definition);
    if (value === undefined) return;
    values[name] = value;
  }
  await tell(talk, { kind: 'give-inputs', values });
}

/** The values as they are; one of them can be given anew. What was planned from them is planned again. */
export async function changeInput(talk: Talk, given: string): Promise<void> {
  const { incident } = talk.handle.view();
  const { inputs } = incident.playbook;
  const names = Object.keys(inputs);
  if (names.length === 0) return talk.say('The playbook has no inputs.');
  for (const name of given === '' ? names : []) {
    talk.say(valueText(incident.inputs[name] ?? null, inputs[name]), `  ${name}: `);
  }
  const name = given === '' ? await talk.ask('Name of the input to change, nothing to leave it >') : given;
  if (name === null || name === '') return;
  const definition = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (definition === undefined) return talk.say(`The playbook has no input "${name}".`);
  const value = await askValue(talk, name, definition);
  if (value !== undefined) await tell(talk, { kind: 'give-inputs', values: { [name]: value } });
}

function valueText(value: JsonValue, definition: InputDefinition | undefined): string {
  if (definition?.isSecret) return 'secret, not shown';
  return definition?.type === 'duration' && typeof value === 'number'
    ? durationText(value)
    : JSON.stringify(value);
}

/** undefined: the responder went away. */
async function askValue(
  talk: Talk,
  name: string,
  definition: InputDefinition,
): Promise<JsonValue | undefined> {
  talk.say(`${definition.description} (${expectation(definition)})`, `  ${name}: `);
  while (talk.isCurrent()) {
    const typed = await talk.ask(`${name} >`, { isSecret: definition.isSecret });
    if (typed === null) return undefined;
    const parsed = parseInputValue(definition, typed);
    if ('value' in parsed) return parsed.value;
    talk.say(asSentence(`  That will not do: ${parsed.problem}`));
  }
  return undefined;
}

function expectation(definition: InputDefinition): string {
  const { type, isList, options, isSecret } = definition;
  const kind = type === 'enum' ? `one of ${options.join(', ')}` : type;
  return [isList ? `${kind}, several with commas between` : kind, ...(isSecret ? ['not shown'] : [])].join(
    ', ',
  );
}
