import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
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
  SESSION,
} from '../support/incident-builder.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const storyText = (about: string, records = RECORDS) =>
  buildTranscript(fold(records), records, CONTEXT)
    .story.filter((part) => part.about === about)
    .flatMap(({ sentences }) => sentences)
    .join(' ');

const drill = parseJournal(
  readFileSync(join(import.meta.dirname, '../journals/noisy-drill.format-1.jsonl')),
).records;
const until = (isLast: (record: JournalRecord) => boolean) => drill.slice(0, drill.findIndex(isLast) + 1);

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
  expect(storyText('what')).toContain('First among them: kworkerds (812). stratum login seen.');
  expect(storyText('done')).toMatch(
    /^By ana \(as root, from 10\.8\.0\.4\) and bo \(as root\)\. Contained .* after the response began/,
  );
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
  expect(storyText('left', records)).toMatch(/^The incident is not closed; .* Not run: /);
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

test.each([
  ['won', 'incident-closed', 350],
  ['undone', '', 380],
])('it is half a page, of a drill that was %s', (_, last, atMost) => {
  const records = last === '' ? drill : until(({ event }) => event.kind === last);
  const { story } = buildTranscript(fold(records), records, CONTEXT);
  const words = story.flatMap(({ sentences }) => sentences.join(' ').split(' '));
  expect(words.length).toBeLessThan(atMost);
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

test('what was undone is on the host again: it is said first, and no assurance is left of the look before', () => {
  expect(storyText('assurance', drill)).toMatch(/^How sure one can be that the host is clean: not at all\./);
  expect(storyText('assurance', drill)).toContain('nothing came back, before changes were undone.');
  expect(storyText('done', drill)).toMatch(
    /^By root \(from 198\.51\.100\.4\)\. 14 changes were undone again/,
  );
  expect(storyText('done', drill)).toContain('the isolation was undone again');
  expect(storyText('stayed', drill)).toContain('All of them are on the host still.');
  expect(storyText('left', drill)).toContain('On the host again, as what was done about it was undone: ');
  expect(storyText('left', drill)).toContain('(undo finished)');
  const text = renderMarkdown(fold(drill), drill, CONTEXT);
  expect(text).toContain('| 5 | Kill process | ↶ undone | 1 change taken back, 2 could not be |');
  expect(text).toContain('**undone again**: edit-file /root/.bashrc');
});

test('before it was undone, the same incident is told as one that was won', () => {
  const won = until(({ event }) => event.kind === 'incident-closed');
  expect(storyText('assurance', won)).toMatch(/^How sure one can be that the host is clean: limited\./);
  expect(storyText('stayed', won)).toContain('All of them have been dealt with.');
  expect(storyText('left', won)).not.toContain('not closed');
  expect(storyText('left', won)).toContain(
    'The host is back on the network, although the advice is to build it anew.',
  );
});

test('of an incident stopped half way it is told what was not run, what is under way, and what is there still', () => {
  const half = until(({ event }) => event.kind === 'step-finished' && event.stepId === 'kill-process');
  expect(storyText('left', half)).toMatch(
    /^The incident is not closed; its last entry is of .* Not run: Purge persistence, Reset keys, /,
  );
  expect(storyText('left', half)).toContain('The host is isolated still.');
  expect(storyText('stayed', half)).toMatch(/\d of them are on the host still\.$/);
  expect(storyText('assurance', half)).toContain('Nobody watched');
});

test('whoever took it over is named with the reason, and so is a shell of which nothing is known', () => {
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'shell-opened', stepId: null, shellId: 'shell-1', argv: ['/bin/bash'] },
    {
      event: {
        kind: 'taken-over',
        from: { responder: 'ana', pid: 1, hostname: 'desk' },
        reason: 'Ana is offline',
        wasForced: true,
      },
      by: 'bo',
    },
    { kind: 'runner-attached', session: { ...SESSION, responder: 'bo' } },
  ]);
  expect(storyText('done', records)).toMatch(
    /bo took it over from ana on 2026-11-23 04:12:03 UTC, who had not let go: Ana is offline\./,
  );
  expect(storyText('done', records)).toContain('1 shell on the host was opened');
  const text = renderMarkdown(fold(records), records, CONTEXT);
  expect(text).toContain('shell-1 on the host was cut off: what was typed in it is not known');
});

test('an incident of steps by hand alone is told by what people wrote', () => {
  const byHand = { uses: 'manual' as const, manual: { instructions: ['Pull the plug.'], record: ['when'] } };
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('plug', byHand), makeStep('call', byHand)])),
    { event: { kind: 'step-done-by-hand', stepId: 'plug', record: 'pulled at 04:20' }, by: 'ana' },
  ]);
  expect(storyText('done', records)).toContain('By hand: Plug: pulled at 04:20.');
  expect(storyText('done', records)).toContain('Nothing on the host stands changed.');
  expect(storyText('left', records)).toContain('Not run: Call.');
});
