import { expect, test } from 'vitest';
import type { Event } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';
import { CONTEXT } from './journal.ts';

const FINDINGS = 5000;
const EVENTS = 10_000;

const findings = Array.from({ length: FINDINGS }, (_, index) => {
  const path = `/opt/place/file-${index}`;
  const file = { ...makeFile(path), sha256: index.toString(16).padStart(64, '0') };
  return makeFinding(`file:${index}`, {
    title: path,
    subject: { kind: 'file', role: 'script', file },
    package: null,
    times: { mtimeNs: `${1_795_406_400 + index}000000001`, ctimeNs: '1795406400000000000' },
    places: [{ path }],
  });
});
const steps = ['look', 'purge', 'watch'].map((id) => makeStep(id));
const records = makeRecords([
  ...makeOpening(makePlaybook(steps)),
  ...steps.map(
    ({ id }): Event => ({ kind: 'step-looked', stepId: id, outcome: makeLook(findings), chosen: [] }),
  ),
  ...Array.from(
    { length: EVENTS },
    (_, index): Event => ({ kind: 'note-added', stepId: null, text: `note ${index}` }),
  ),
]);
const incident = fold(records);

test.each([
  ['HTML', renderHtml],
  ['CSV', renderCsv],
  ['Timesketch', renderTimesketch],
  ['STIX', renderStix],
  ['asciicast', renderAsciicast],
])('%s of 5,000 findings and 10,000 events takes seconds and is no more than 20 MB', (_, render) => {
  const before = process.threadCpuUsage();
  const text = render(incident, records, CONTEXT);
  const { user, system } = process.threadCpuUsage(before);
  // Of the processor, not of the clock: others are at work on it. Three seconds are aimed at.
  expect((user + system) / 1e6).toBeLessThan(6);
  expect(text.length).toBeLessThan(20e6);
});
