import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { transcriptJsonSchema } from '../../src/transcript/json-schema.ts';
import { strictly } from '../support/strictly.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const published = transcriptJsonSchema();

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(published);
const validateStrictly = new Ajv2020().compile(strictly(published) as object);

test('the schema is the golden one', async () => {
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(
    'fixtures/transcript.schema.json',
  );
});

test('every transcript of every prefix of the journal is as the schema says, and says nothing else', () => {
  for (let length = 1; length <= RECORDS.length; length += 1) {
    const records = RECORDS.slice(0, length);
    const transcript = JSON.parse(renderJson(fold(records), records, CONTEXT));
    validate(transcript);
    expect(validate.errors ?? []).toEqual([]);
    validateStrictly(transcript);
    expect(validateStrictly.errors ?? []).toEqual([]);
  }
});

test.each(HOSTILE)('it stays so with %j of the host', (text) => {
  const { incident, records, context } = incidentWith(text);
  validate(JSON.parse(renderJson(incident, records, context)));
  expect(validate.errors ?? []).toEqual([]);
});

test('what is no transcript is told from one', () => {
  const transcript = JSON.parse(renderJson(INCIDENT, RECORDS, CONTEXT));
  for (const wrong of [
    {},
    { ...transcript, format: 2 },
    { ...transcript, openedAt: 'yesterday' },
    { ...transcript, steps: [{ ...transcript.steps[0], status: 'fine' }] },
  ])
    expect(validate(wrong)).toBe(false);
});
