import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { buildTranscript } from '../../src/transcript/build-transcript.ts';
import { excerptText } from '../../src/transcript/excerpt.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const golden = (name: string) =>
  readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), 'utf8');

describe('a whole incident', () => {
  test('reads as the golden Markdown', async () => {
    await expect(renderMarkdown(INCIDENT, RECORDS, CONTEXT)).toMatchFileSnapshot('fixtures/incident.md');
  });

  test('reads as the golden JSON', async () => {
    await expect(renderJson(INCIDENT, RECORDS, CONTEXT)).toMatchFileSnapshot('fixtures/incident.json');
  });

  test('is the same bytes from the same journal', () => {
    expect(renderMarkdown(fold(RECORDS), structuredClone(RECORDS), CONTEXT)).toBe(golden('incident.md'));
    expect(renderJson(fold(RECORDS), structuredClone(RECORDS), CONTEXT)).toBe(golden('incident.json'));
  });

  test('names all that is still open, and nothing that is not', () => {
    expect(
      buildTranscript(INCIDENT, RECORDS, CONTEXT).stillOpen.map(({ kind, text }) => `${kind}: ${text}`),
    ).toEqual([
      'journal: 41 B at the end of the journal had been cut off and were dropped: the last record had been cut off',
      'step: Kill process was opened again and is not finished: came back: kworkerds (812)',
      'step: Purge persistence failed: no room for a copy: 2 MB free',
      'step: Reset keys was skipped: keys are rotated centrally',
      'step: Watch: 1 came back while it was watched',
      'operation: quarantine-file /etc/cron.d/sysupdate was refused: no room for a copy: 2 MB free',
      'operation: run-command apt-get -y upgrade was done, but whether it holds: unknown (no check is given)',
      'finding: kworkerds (812) (malicious, 100) was dealt with and came back',
      'finding: /etc/cron.d/sysupdate line 3 (malicious, 90) was not dealt with',
      'finding: sh (900) (suspicious, 55) was not dealt with',
      'unknown: could not be looked at: units, /home/bo/.config/systemd: permission denied',
    ]);
  });

  test('an altered journal is said first', () => {
    const context = { ...CONTEXT, altered: { seq: 30, reason: 'its hash is another' } };
    expect(buildTranscript(INCIDENT, RECORDS, context).stillOpen[0]?.text).toContain(
      'record 30 does not fit',
    );
    expect(renderMarkdown(INCIDENT, RECORDS, context)).toContain('**Record 30 does not fit the chain');
  });

  test('every prefix of the journal has a transcript', () => {
    for (let length = 1; length <= RECORDS.length; length += 1) {
      const records = RECORDS.slice(0, length);
      expect(renderMarkdown(fold(records), records, CONTEXT)).toContain('## Summary');
      expect(JSON.parse(renderJson(fold(records), records, CONTEXT)).records).toHaveLength(length);
    }
  });
});

test('an operation that was refused as stale and done by the next plan is not open', () => {
  const target = { kind: 'quarantine-file' as const, file: makeFile('/tmp/x') };
  const [first, second] = [makePlan('purge', 1, [target]), makePlan('purge', 2, [target])];
  const stepId = 'purge';
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep(stepId)])),
    { kind: 'step-looked', stepId, outcome: makeLook([]), chosen: [] },
    { kind: 'plan-made', stepId, plan: first },
    { kind: 'plan-approved', stepId, planHash: first.hash, how: 'key' },
    {
      kind: 'operation-refused',
      stepId,
      operationId: 'purge.1.1',
      refusal: { code: 'stale', message: 'it changed' },
    },
    { kind: 'plan-withdrawn', stepId, reason: 'it changed' },
    { kind: 'step-looked', stepId, outcome: makeLook([]), chosen: [] },
    { kind: 'plan-made', stepId, plan: second },
    { kind: 'plan-approved', stepId, planHash: second.hash, how: 'key' },
    {
      kind: 'operation-started',
      stepId,
      operationId: 'purge.2.1',
      receipt: { kind: target.kind },
      evidence: [],
    },
    {
      kind: 'operation-finished',
      stepId,
      operationId: 'purge.2.1',
      outcome: makeOutcome(target.kind),
      output: null,
    },
    {
      kind: 'operation-verified',
      stepId,
      operationId: 'purge.2.1',
      verification: { status: 'holds', detail: '' },
    },
    { kind: 'step-finished', stepId, summary: '1 held' },
  ] satisfies Event[]);
  const transcript = buildTranscript(fold(records), records, { ...CONTEXT, excerpts: new Map() });
  expect(transcript.stillOpen).toEqual([]);
  expect(transcript.steps[0]?.operations.map((one) => one.status)).toEqual(['refused', 'done']);
});

test('an address that was blocked as a connection is dealt with where it was only named as well', () => {
  const connection = (id: string, remotePort: number) =>
    makeFinding(id, {
      title: `203.0.113.20 (${id})`,
      subject: {
        kind: 'connection',
        protocol: 'tcp',
        remoteAddress: '203.0.113.20',
        remotePort,
        state: remotePort === 0 ? 'named' : 'established',
        process: null,
        isNamedOnly: remotePort === 0,
      },
    });
  const [named, seen] = [connection('connection:1', 0), connection('connection:2', 80)];
  const other = makeFinding('process:9', { title: 'sh (9)' });
  const block = makePlan('block', 1, [{ kind: 'block-address', address: '203.0.113.20' }], {
    because: [seen.id],
  });
  const operationId = 'block.1.1';
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look'), makeStep('block')])),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook([named, other]), chosen: [] },
    { kind: 'step-finished', stepId: 'look', summary: '2 found' },
    { kind: 'step-looked', stepId: 'block', outcome: makeLook([seen]), chosen: [seen.id] },
    { kind: 'plan-made', stepId: 'block', plan: block },
    { kind: 'plan-approved', stepId: 'block', planHash: block.hash, how: 'key' },
    {
      kind: 'operation-started',
      stepId: 'block',
      operationId,
      receipt: { kind: 'block-address' },
      evidence: [],
    },
    {
      kind: 'operation-finished',
      stepId: 'block',
      operationId,
      outcome: makeOutcome('block-address'),
      output: null,
    },
    {
      kind: 'operation-verified',
      stepId: 'block',
      operationId,
      verification: { status: 'holds', detail: '' },
    },
    { kind: 'step-finished', stepId: 'block', summary: '1 held' },
  ] satisfies Event[]);
  const transcript = buildTranscript(fold(records), records, { ...CONTEXT, excerpts: new Map() });
  expect(transcript.stillOpen.map((item) => item.text)).toEqual([
    'sh (9) (malicious, 100) was not dealt with',
  ]);
});

test('a large incident takes no long time, and tells what was seen in every step once', () => {
  const findings = Array.from({ length: 1500 }, (_, index) => makeFinding(`process:${index}`));
  const steps = Array.from({ length: 8 }, (_, index) => makeStep(`step-${index}`));
  const records = makeRecords([
    ...makeOpening(makePlaybook(steps)),
    ...steps.map(
      ({ id }): Event => ({ kind: 'step-looked', stepId: id, outcome: makeLook(findings), chosen: [] }),
    ),
  ]);
  const startedAt = performance.now();
  const text = renderMarkdown(fold(records), records, CONTEXT);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(text.match(/as in step 1$/gm)).toHaveLength(1500 * 7);
});

describe('hostile data', () => {
  const incidentWith = (text: string) => {
    const stepId = 'purge';
    const target = { kind: 'quarantine-file' as const, file: makeFile(`/tmp/${text}`) };
    const plan = makePlan(stepId, 1, [target], { because: ['process:1'], remarks: [text] });
    const finding = makeFinding('process:1', {
      title: text,
      owner: text,
      package: text,
      reasons: [{ code: 'x', text, weight: 1 }],
      places: [{ path: text }],
    });
    const evidence = [{ name: text, sha256: text, sizeBytes: 1, source: text }];
    const records = makeRecords([
      ...makeOpening(makePlaybook([makeStep(stepId, { title: text, why: text })]), {
        hostname: text,
        distribution: text,
      }),
      {
        kind: 'step-looked',
        stepId,
        chosen: ['process:1'],
        outcome: makeLook([finding], { unknowns: [{ scope: 'cron', what: text, reason: text }] }),
      },
      { kind: 'plan-made', stepId, plan },
      { event: { kind: 'plan-approved', stepId, planHash: plan.hash, how: 'key' }, by: text },
      {
        kind: 'operation-started',
        stepId,
        operationId: 'purge.1.1',
        receipt: { kind: target.kind },
        evidence,
      },
      {
        kind: 'operation-finished',
        stepId,
        operationId: 'purge.1.1',
        outcome: makeOutcome(target.kind, { message: text }),
        output: { name: text, sizeBytes: 5, sha256: text },
      },
      {
        kind: 'operation-verified',
        stepId,
        operationId: 'purge.1.1',
        verification: { status: 'unknown', detail: text },
      },
      { kind: 'step-finished', stepId, summary: text },
      { event: { kind: 'note-added', stepId, text }, by: text },
    ]);
    const bytes = new TextEncoder().encode(text);
    const excerpts = new Map([
      ['purge.1.1', { head: bytes, tail: bytes.subarray(0, 0), totalBytes: bytes.length }],
    ]);
    const context = { ...CONTEXT, excerpts };
    return {
      markdown: renderMarkdown(fold(records), records, context),
      json: renderJson(fold(records), records, context),
    };
  };

  /** Markdown without what is shown exactly: fenced blocks and code spans. */
  const outsideCode = (markdown: string) =>
    markdown
      .replace(/^( *)(`{3,})text\n[\s\S]*?\n\1\2$/gm, '')
      .replace(/(?<![`\\])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');

  test.each([
    ['a link', '[y](javascript:alert(1))', /(?<!\\)\[y/],
    ['an image', '![y](http://evil.example/x.png)', /(?<!\\)\[y/],
    ['HTML', '<script>alert(1)</script><!-- -->', /(?<!\\)</],
    ['emphasis', '**malicious 0** _x_', /(?<!\\)\*\*malicious 0/],
    ['a table cell', 'a | b | c', /a \|/],
    ['backticks', 'a`b``c```d', /(?<!\\)`b/],
    ['a heading on a new line', 'x\n# Nothing is open\n', /^ *# Nothing/m],
    ['a fence on a new line', 'x\n```\n# out\n', /^ *# out/m],
    ['an address', 'https://evil.example www.evil.example', /https:|www\./],
  ])('%s stays text', (_title, text, acting) => {
    expect(outsideCode(incidentWith(text).markdown)).not.toMatch(acting);
  });

  test('no escape, no direction mark, no secret comes through', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----';
    const { markdown, json } = incidentWith(
      `\x1b[2J\x07\u202e\u200b\u009b\x7f\ud800 password=hunter2 ${key}`,
    );
    expect(markdown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b\ud800-\udfff]/);
    expect(json).toMatch(/^[\x20-\x7e\n]*$/);
    for (const text of [markdown, json]) {
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain('MIIE');
    }
  });

  test('whatever a host says, the headings stay those of the transcript', () => {
    const headings = (markdown: string) => outsideCode(markdown).match(/^#{1,6} .*/gm)?.length;
    const usual = headings(incidentWith('x').markdown);
    const piece = fc.oneof(
      fc.constantFrom(
        '`',
        '``',
        '```',
        '\n',
        '\r',
        '# ',
        '|',
        '<b>',
        '[',
        '](',
        '\\',
        '~~~',
        '    ',
        '- ',
        '1. ',
        '===',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 10 }), (pieces) => {
        expect(headings(incidentWith(pieces.join('')).markdown)).toBe(usual);
      }),
      { numRuns: 150 },
    );
  });
});

describe('output excerpts', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test('a short output is whole', () => {
    expect(excerptText({ head: bytes('abc\n'), tail: bytes('def'), totalBytes: 7 }, 7)).toEqual({
      head: 'abc\ndef',
      leftOutBytes: 0,
      tail: '',
    });
  });

  test('a long one ends and begins at a line, and the rest is counted', () => {
    expect(
      excerptText({ head: bytes('abc\nghp_hal'), tail: bytes('f\nend\n'), totalBytes: 100 }, 100),
    ).toEqual({
      head: 'abc\n',
      leftOutBytes: 92,
      tail: 'end\n',
    });
  });

  test('the rest of a private key at the beginning of the end is left out', () => {
    const line = 'A'.repeat(64);
    const tail = bytes(`x\n${line}\n${line}\nend\n`);
    expect(excerptText({ head: bytes('abc\n'), tail, totalBytes: 1000 }, 1000).tail).toBe('end\n');
  });

  test('one that could not be read is only counted', () => {
    expect(excerptText(undefined, 12)).toEqual({ head: '', leftOutBytes: 12, tail: '' });
  });
});
