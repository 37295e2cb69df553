import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepStatus } from '../../src/engine/incident.ts';
import { fold } from '../../src/engine/reduce.ts';
import { parseJournal } from '../../src/journal/read-journal.ts';
import { buildTranscript } from '../../src/transcript/build-transcript.ts';
import { executionStatus } from '../../src/transcript/cacao-status.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { enumerated } from '../../src/transcript/story-words.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const storyText = (about: string, records = RECORDS) =>
  buildTranscript(fold(records), records, CONTEXT)
    .story.filter((part) => part.about === about)
    .flatMap(({ sentences }) => sentences)
    .join(' ');

test('the story says what, since when, how it stayed, what was done, what is left, what to change, how sure', () => {
  const { story } = buildTranscript(INCIDENT, RECORDS, CONTEXT);
  expect(story.map(({ about }) => about)).toEqual([
    'what',
    'since',
    'stayed',
    'done',
    'left',
    'rotate',
    'assurance',
  ]);
  expect(storyText('what')).toContain('First among them is kworkerds (812)');
  expect(storyText('done')).toMatch(/^Contained .* after the response began/);
  expect(storyText('left')).toContain('Failed: Purge persistence.');
  expect(storyText('left')).toContain('Skipped: Reset keys.');
  expect(storyText('left')).toContain('kworkerds (812), which came back');
  expect(storyText('assurance')).toContain('1 place could not be looked at, and is not known.');
});

test('what is not known is said to be unknown, not left out', () => {
  const records = makeRecords(makeOpening(makePlaybook([makeStep('look'), makeStep('kill')])));
  expect(storyText('since', records)).toMatch(/^Not known/);
  expect(storyText('done', records)).toContain('It was not contained');
  expect(storyText('done', records)).toContain('No evidence was taken.');
  expect(storyText('left', records)).toMatch(/^Not run: /);
  expect(storyText('assurance', records)).toContain('Nobody watched');
});

test('since when is not read from a program of the system that was misused', () => {
  const aged = (id: string, details: object) =>
    makeFinding(id, { times: { mtimeNs: '1', ctimeNs: '1600000000000000000' }, ...details });
  const shell = aged('process:1', { package: 'dash', title: 'sh (211)' });
  const dropped = aged('file:2', {
    title: '/tmp/x',
    package: null,
    subject: { kind: 'file', role: 'script', file: makeFile('/tmp/x') },
    times: { mtimeNs: '1', ctimeNs: '1795406400000000000' },
  });
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook([shell, dropped]), chosen: [] },
  ]);
  expect(storyText('since', records)).toContain('(/tmp/x)');
});

test('it is half a page: no part of the drill’s story is longer than a paragraph', () => {
  const file = join(import.meta.dirname, '../journals/noisy-drill.format-1.jsonl');
  const { records, head } = parseJournal(readFileSync(file));
  const { story } = buildTranscript(fold(records), records, { ...CONTEXT, journalHead: head });
  const words = story.flatMap(({ sentences }) => sentences.join(' ').split(' '));
  expect(words.length).toBeLessThan(350);
  expect(words.length).toBeGreaterThan(100);
});

test('the story comes first, then the timeline, then the detail', () => {
  for (const [text, headings] of [
    [renderMarkdown(INCIDENT, RECORDS, CONTEXT), ['## Summary', '## Timeline', '## Found', '## Steps']],
    [
      renderHtml(INCIDENT, RECORDS, CONTEXT),
      ['<section id="summary">', '<section id="timeline">', '<section id="lists">', '<section id="steps">'],
    ],
  ] as const) {
    const places = headings.map((heading) => text.indexOf(heading));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
});

test('steps carry their status in the words of CACAO’s vocabulary, and none where it has none', () => {
  const statuses: StepStatus[] = ['done', 'by-hand', 'failed', 'running', 'todo', 'skipped', 'unknown'];
  expect(statuses.map(executionStatus)).toEqual([
    'successfully_executed',
    'successfully_executed',
    'failed',
    'ongoing',
    null,
    null,
    null,
  ]);
});

test('a long list is cut with the number of the rest', () => {
  expect(enumerated(['a'])).toBe('a');
  expect(enumerated(['a', 'b', 'c'])).toBe('a, b and c');
  expect(enumerated(['a', 'b', 'c', 'd', 'e', 'f'], 3)).toBe('a, b, c and 3 more');
});
