import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import init, { Compiler } from '@virustotal/yara-x';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'parse5';
import { beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Event, JournalRecord } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderHashes, renderSigma, renderYara } from '../../src/transcript/hash-lists.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { transcriptJsonSchema } from '../../src/transcript/json-schema.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { redactNames } from '../../src/transcript/redact-names.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeProcess,
  makeRecords,
  makeStep,
  SESSION,
} from '../support/incident-builder.ts';
import { HOSTILE } from './hostile.ts';
import { checkBundle } from './stix-rules.ts';

/** Journals in which anything follows anything: what a runner never writes, a bundle of somebody else's may hold. */
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'ana', '/home/ana/x'),
);
const stepId = fc.constantFrom('look', 'purge', 'watch', 'nowhere');
const operationId = fc.constantFrom('purge.1.1', 'purge.1.2', 'purge.2.1', 'nowhere.1.1');
const count = fc.nat(1_000_000);
const verification = fc.record({
  status: fc.constantFrom('holds', 'does-not-hold', 'unknown', 'in-progress'),
  detail: text,
});
const output = fc.option(fc.record({ name: text, sizeBytes: count, sha256: fc.constant('f'.repeat(64)) }));
const outcome = fc
  .tuple(fc.constantFrom('done', 'failed'), text, fc.option(fc.integer({ min: -1, max: 255 })))
  .map(([status, message, exitCode]) => makeOutcome('kill-process', { status, message, exitCode } as object));
const finding = fc
  .record({
    id: fc.constantFrom('process:1', 'file:2', 'connection:3'),
    title: text,
    verdict: fc.constantFrom('malicious', 'suspicious', 'unknown', 'benign'),
    score: fc.nat(100),
    owner: fc.option(text),
    package: fc.option(text),
    times: fc.option(
      fc.record({ mtimeNs: text, ctimeNs: fc.constantFrom('1795406400000000000', '-1', '', '9'.repeat(40)) }),
    ),
    subject: fc.oneof(
      text.map((path) => ({ kind: 'file', role: 'script', file: makeFile(`/tmp/${path}`) })),
      text.map((remoteAddress) => ({
        kind: 'connection',
        protocol: 'tcp',
        remoteAddress,
        remotePort: 1,
        state: 'x',
        process: null,
        isNamedOnly: true,
      })),
      text.map((fingerprint) => ({
        kind: 'file-line',
        role: 'authorized-key',
        file: makeFile('/x'),
        line: { number: 1, text: fingerprint },
        details: { fingerprint },
      })),
    ),
  })
  .map(({ id, ...details }) => makeFinding(id, details as object));
const plan = fc
  .tuple(fc.constantFrom('purge', 'watch'), fc.integer({ min: 1, max: 2 }), text, fc.boolean())
  .map(([id, number, name, isIsolation]) =>
    makePlan(
      id,
      number,
      [
        { kind: 'quarantine-file', file: makeFile(`/tmp/${name}`) },
        isIsolation
          ? { kind: 'kill-process', process: makeProcess(7, name) }
          : { kind: 'block-address', address: name },
      ],
      { because: ['file:2', 'nowhere'], remarks: [name] },
    ),
  );
const event = fc.oneof(
  fc.record({
    kind: fc.constant('step-looked'),
    stepId,
    outcome: fc.array(finding, { maxLength: 4 }).map((found) => makeLook(found)),
    chosen: fc.constant(['file:2']),
  }),
  fc.record({ kind: fc.constant('plan-made'), stepId, plan }),
  fc.record({
    kind: fc.constant('plan-approved'),
    stepId,
    planHash: text,
    how: fc.constantFrom('key', 'word', 'line', 'unattended'),
  }),
  fc.record({
    kind: fc.constant('operation-started'),
    stepId,
    operationId,
    receipt: fc.constant({ kind: 'kill-process' }),
    evidence: fc.array(
      fc.record({ name: text, sha256: fc.constant('e'.repeat(64)), sizeBytes: count, source: text }),
      { maxLength: 2 },
    ),
  }),
  fc.record({ kind: fc.constant('operation-finished'), stepId, operationId, outcome, output }),
  fc.record({ kind: fc.constant('operation-verified'), stepId, operationId, verification }),
  fc.record({
    kind: fc.constant('operation-recovered'),
    stepId,
    operationId,
    verification,
    by: fc.constantFrom('host', 'responder'),
  }),
  fc.record({ kind: fc.constant('operation-undone'), stepId, operationId, outcome }),
  fc.record({
    kind: fc.constant('undo-requested'),
    stepId,
    operationIds: fc.array(operationId, { maxLength: 2 }),
    cannotUndo: fc.constant([]),
  }),
  fc.record({ kind: fc.constantFrom('step-undone', 'failure-accepted', 'step-opened'), stepId }),
  fc.record({
    kind: fc.constantFrom('step-failed', 'step-reopened', 'plan-withdrawn'),
    stepId,
    reason: text,
  }),
  fc.record({ kind: fc.constant('step-finished'), stepId, summary: text }),
  fc.record({
    kind: fc.constant('step-skipped'),
    stepId,
    reason: text,
    by: fc.constantFrom('responder', 'condition', 'selection'),
  }),
  fc.record({ kind: fc.constant('step-done-by-hand'), stepId, record: text }),
  fc.record({
    kind: fc.constant('watch-looked'),
    stepId,
    returned: fc.array(finding, { maxLength: 2 }),
    tookMs: count,
  }),
  fc.record({
    kind: fc.constant('watch-finished'),
    stepId,
    looks: count,
    returned: count,
    dropped: fc.dictionary(text, count, { maxKeys: 2 }),
  }),
  fc.record({ kind: fc.constant('note-added'), stepId: fc.option(stepId), text }),
  fc.record({
    kind: fc.constant('taken-over'),
    from: fc.record({ responder: text, pid: count, hostname: text }),
    reason: text,
    wasForced: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('runner-detached', 'incident-closed', 'incident-reopened'),
    reason: text,
  }),
  fc.record({
    kind: fc.constant('runner-attached'),
    session: text.map((responder) => ({ ...SESSION, responder })),
  }),
  fc.record({
    kind: fc.constant('shell-opened'),
    stepId: fc.option(stepId),
    shellId: fc.constantFrom('shell-1', 'shell-2'),
    argv: fc.array(text, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('shell-closed'),
    shellId: fc.constantFrom('shell-1', 'shell-9'),
    exitCode: fc.option(count),
    tookMs: count,
    recording: output,
  }),
  fc.record({
    kind: fc.constant('inputs-given'),
    values: fc.dictionary(text, text, { maxKeys: 2 }),
    secretNames: fc.array(text, { maxLength: 1 }),
  }),
  fc.record({ kind: fc.constant('journal-recovered'), droppedBytes: count, detail: text }),
);
const journal = fc
  .array(
    fc.tuple(
      event,
      text,
      fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })),
    ),
    { maxLength: 30 },
  )
  .map((all): JournalRecord[] => {
    const opening = makeRecords(
      makeOpening(makePlaybook(['look', 'purge', 'watch'].map((id) => makeStep(id)))),
    );
    return [
      ...opening,
      ...all.map(
        ([one, by, at], index): JournalRecord => ({
          seq: opening.length + index + 1,
          at: at?.toISOString() ?? '2026-11-23T04:13:00.000Z',
          by: by === '' ? 'runner' : by,
          event: one as unknown as Event,
        }),
      ),
    ];
  });

const validate = new Ajv2020().compile(transcriptJsonSchema());

beforeAll(async () => {
  const main = createRequire(import.meta.url).resolve('@virustotal/yara-x');
  await init({ module_or_path: readFileSync(join(dirname(main), 'yara_x_js_bg.wasm')) } as never);
});

test('whatever stands in a journal, every format is written, and is one', () => {
  fc.assert(
    fc.property(journal, fc.boolean(), (all, isRedacted) => {
      const excerpts = new Map([
        ['purge.1.1', { head: Uint8Array.of(0xff, 10, 27), tail: Uint8Array.of(65), totalBytes: 900 }],
      ]);
      const done = isRedacted
        ? redactNames(fold(all), all, excerpts, ['addresses', 'users', 'hosts'])
        : { records: all, excerpts };
      const { records } = done;
      const context = { journalHead: '9'.repeat(64), altered: null, excerpts: done.excerpts };
      const rendered = (render: typeof renderCsv) => render(fold(records), records, context);
      const json = rendered(renderJson);
      expect(json).toMatch(/^[\x20-\x7e\n]*$/);
      expect(validate(JSON.parse(json)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
      expect(rendered(renderMarkdown)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      const faults: string[] = [];
      parse(rendered(renderHtml), { onParseError: ({ code }) => faults.push(code) });
      expect(faults).toEqual([]);
      for (const row of rendered(renderCsv).trimEnd().split('\r\n'))
        expect(row).toMatch(/^("(?:[^"\n]|"")*",){25}"(?:[^"\n]|"")*"$/);
      expect(checkBundle(JSON.parse(rendered(renderStix)))).toEqual([]);
      for (const line of rendered(renderTimesketch).trimEnd().split('\n'))
        expect(JSON.parse(line)).toMatchObject({
          message: expect.any(String),
          datetime: expect.any(String),
          timestamp_desc: expect.any(String),
        });
      const [header = '', ...events] = rendered(renderAsciicast).trimEnd().split('\n');
      expect(JSON.parse(header)).toMatchObject({ version: 3 });
      for (const line of events) {
        const [wait, code, data]: unknown[] = JSON.parse(line);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect([code, typeof data]).toEqual([expect.stringMatching(/^[omx]$/), 'string']);
      }
      for (const line of rendered(renderHashes)
        .trimEnd()
        .split('\n')
        .filter((one) => one !== '' && !one.startsWith('#')))
        expect(line).toMatch(/^\\?[0-9a-f]{64} {2}\S/);
      for (const document of parseAllDocuments(rendered(renderSigma)))
        expect('errors' in document ? document.errors : []).toEqual([]);
      const compiler = new Compiler();
      compiler.addSource(rendered(renderYara));
      compiler.build();
    }),
    { numRuns: 40 },
  );
}, 120_000);
