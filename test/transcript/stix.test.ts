import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import type { Subject } from '../../src/findings/finding.ts';
import { uuidV5 } from '../../src/text/uuid-v5.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';
import { checkBundle } from './stix-rules.ts';

test('a whole incident reads as the golden bundle', async () => {
  const text = renderStix(INCIDENT, RECORDS, CONTEXT);
  await expect(text).toMatchFileSnapshot('fixtures/incident.stix.json');
  expect(checkBundle(JSON.parse(text))).toEqual([]);
});

test('the bundle of a drill is one by the published schemas', () => {
  const text = readFileSync(new URL('fixtures/noisy-drill.stix.json', import.meta.url), 'utf8');
  expect(checkBundle(JSON.parse(text))).toEqual([]);
});

test.each([
  ['a time is missing', { valid_from: undefined }, /valid_from/],
  [
    'an id is of another type',
    { id: `report--${'a'.repeat(8)}-aaaa-4aaa-8aaa-${'a'.repeat(12)}` },
    /pattern/,
  ],
  ['a property is none of STIX', { found_on: 'web-07' }, /found_on is unknown/],
  ['a pattern is none', { pattern: "[ipv4-addr:value = '10.0.0.9']]" }, /its pattern is none/],
])('a bundle is refused where %s', (_, change, complaint) => {
  const bundle = JSON.parse(renderStix(INCIDENT, RECORDS, CONTEXT));
  Object.assign(bundle.objects[1], change);
  expect(checkBundle(JSON.parse(JSON.stringify(bundle))).join('; ')).toMatch(complaint);
});

const connection = (remoteAddress: string): Subject => ({
  kind: 'connection',
  protocol: 'tcp',
  remoteAddress,
  remotePort: 0,
  state: 'named',
  process: null,
  isNamedOnly: true,
});
const key = (fingerprint: string): Subject => ({
  kind: 'file-line',
  role: 'authorized-key',
  file: makeFile('/root/.ssh/authorized_keys'),
  line: { number: 1, text: 'ssh-ed25519 AAAA x' },
  details: { fingerprint },
});
const file = (path: string): Subject => ({
  kind: 'file',
  role: 'script',
  file: { ...makeFile(path), sha256: 'c'.repeat(64) },
});

function patternsOf(findings: readonly ReturnType<typeof makeFinding>[]): string[] {
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook(findings), chosen: [] },
  ]);
  const bundle = JSON.parse(renderStix(fold(records), records, CONTEXT));
  expect(checkBundle(bundle)).toEqual([]);
  const objects: { pattern?: string }[] = bundle.objects;
  return objects.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern]));
}

test('addresses, names, hashes, paths and keys are written as patterns, each once', () => {
  const fingerprint = `SHA256:${'a'.repeat(43)}`;
  const subjects = [
    connection('203.0.113.20'),
    connection('203.0.113.20'),
    connection('2001:db8::1'),
    connection('pool.example.org'),
    key(fingerprint),
    file("/tmp/it's \\ here"),
  ];
  const findings = subjects.map((subject, index) => makeFinding(`x:${index}`, { subject, package: null }));
  expect(patternsOf(findings)).toEqual([
    "[domain-name:value = 'pool.example.org']",
    "[ipv4-addr:value = '203.0.113.20']",
    "[ipv6-addr:value = '2001:db8::1']",
    "[file:name = 'it\\'s \\\\ here' AND file:parent_directory_ref.path = '/tmp']",
    `[file:hashes.'SHA-256' = '${'c'.repeat(64)}']`,
    `[x-ssh-key:fingerprint = '${fingerprint}']`,
  ]);
});

test('what a package owns, and what is harmless, is no indicator', () => {
  const findings = [
    makeFinding('file:1', { subject: file('/usr/bin/curl'), package: 'curl' }),
    makeFinding('file:2', { subject: file('/opt/tool'), package: null, verdict: 'benign' }),
    makeFinding('x:3', { subject: connection('not an address'), package: null }),
  ];
  expect(patternsOf(findings)).toEqual([]);
});

test('ids are UUIDs of version 5 as the standard library makes them', () => {
  // RFC 9562, appendix A.4.
  expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
  const space = '6ba7b8109dad11d180b400c04fd430c8';
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const digest = createHash('sha1').update(Buffer.from(space, 'hex')).update(name).digest('hex');
      const id = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', name).replaceAll('-', '');
      expect([id.slice(0, 12), id[12], id.slice(13, 16), id.slice(17)]).toEqual([
        digest.slice(0, 12),
        '5',
        digest.slice(13, 16),
        digest.slice(17, 32),
      ]);
    }),
  );
});

test('whatever a host says, the bundle stays one', () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(piece, (text) => {
      const { incident, records, context } = incidentWith(text);
      expect(checkBundle(JSON.parse(renderStix(incident, records, context)))).toEqual([]);
      const names = patternsOf([
        makeFinding('file:1', { subject: file(`/tmp/${text}`), package: null }),
      ]).filter((pattern) => pattern.startsWith('[file:name'));
      for (const name of names) {
        expect(name).toMatch(
          /^\[file:name = '(?:[^'\\]|\\['\\])*' AND file:parent_directory_ref\.path = '(?:[^'\\]|\\['\\])*'\]$/,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('the same thing found in two incidents is one object in two versions', () => {
  const seenIn = (day: number) => {
    const records = makeRecords([
      ...makeOpening(makePlaybook([makeStep('look')])),
      {
        kind: 'step-looked',
        stepId: 'look',
        outcome: makeLook([makeFinding('c:1', { subject: connection('203.0.113.20'), package: null })]),
        chosen: [],
      },
    ]).map((record) => ({ ...record, at: record.at.replace('-23T', `-${day}T`) }));
    return JSON.parse(renderStix(fold(records), records, CONTEXT)).objects[1];
  };
  const [one, two] = [seenIn(23), seenIn(24)];
  expect([two.id, two.created]).toEqual([one.id, one.created]);
  expect(two.modified > one.modified).toBe(true);
});
