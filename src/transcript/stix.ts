import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { uuidV5 } from '../text/uuid-v5.ts';
import { buildTranscript } from './build-transcript.ts';
import { type Indicator, indicatorsOf } from './indicators-of.ts';
import { type JsonLike, plainJson } from './plain-json.ts';
import type { TranscriptContext } from './transcript.ts';

/**
 * What other hosts can be searched for, as a STIX 2.1 bundle (OASIS standard of 2021-06-10): one identity, one
 * indicator for each address, hash, path and key, and a report that holds them together. The ids come from the
 * contents, so that the same thing found on two hosts is the same indicator to whoever imports both.
 * Same input, same bytes.
 */
export function renderStix(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  return [...stixPieces(incident, records, context)].join('');
}

/** The same in pieces, an object a line: what came anew between two bundles is seen by comparing lines. */
export function* stixPieces(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): Generator<string> {
  const transcript = buildTranscript(incident, records, context);
  const { incidentId, openedAt, lastAt } = transcript;
  const id = `bundle--${uuidV5(NAMESPACE, `bundle ${transcript.journal.head}`)}`;
  yield `{\n  "type": "bundle",\n  "id": ${plainJson(id)},\n  "objects": [\n`;
  const identity = {
    type: 'identity',
    id: `identity--${uuidV5(NAMESPACE, 'identity tourniquet')}`,
    // Always the same object, whatever incident it comes with.
    spec_version: '2.1',
    created: ALWAYS,
    modified: ALWAYS,
    name: 'tourniquet',
    identity_class: 'system',
  };
  yield `    ${plainJson(identity)}`;
  const ids: string[] = [];
  for (const indicator of indicatorsOf(transcript)) {
    const id = `indicator--${uuidV5(NAMESPACE, `${indicator.kind} ${indicator.value}`)}`;
    ids.push(id);
    const object = {
      type: 'indicator',
      id,
      created_by_ref: identity.id,
      spec_version: '2.1',
      // Of one id there is one beginning (3.2), whichever incident it was seen in; what changes is its version.
      created: ALWAYS,
      modified: lastAt > ALWAYS ? lastAt : ALWAYS,
      ...indicatorBody(indicator, openedAt),
    };
    yield `,\n    ${plainJson(object)}`;
  }
  const report = {
    type: 'report',
    id: `report--${uuidV5(NAMESPACE, `report ${incidentId} ${openedAt}`)}`,
    created_by_ref: identity.id,
    spec_version: '2.1',
    created: openedAt,
    modified: lastAt,
    name: `Incident ${incidentId}`,
    report_types: ['indicator'],
    published: lastAt,
    object_refs: ids.length === 0 ? [identity.id] : ids,
  };
  yield `,\n    ${plainJson(report)}\n  ]\n}\n`;
}

/** When the objects begin that are the same in every incident. */
const ALWAYS = '2026-01-01T00:00:00.000Z';

/** Of this program's own; the one of the standard is for observables alone (STIX 2.1, 2.9). */
const NAMESPACE = '8f0a6c1e-52a4-5d0b-9a3e-7d1c4b60f2a9';

function indicatorBody(indicator: Indicator, validFrom: string): { readonly [key: string]: JsonLike } {
  const { finding, kind, value } = indicator;
  const techniques = finding.attack.filter((id) => /^T\d{4}(\.\d{3})?$/.test(id));
  return {
    name: `${WORDS[kind]} ${value}`,
    description: [finding.title, ...finding.reasons.map(({ text }) => text)].join('; '),
    indicator_types: [finding.verdict === 'malicious' ? 'malicious-activity' : 'anomalous-activity'],
    pattern: patternOf(indicator),
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: validFrom,
    confidence: Math.min(100, Math.max(0, Math.round(finding.score))),
    ...(techniques.length === 0
      ? {}
      : {
          external_references: techniques.map((id) => ({
            source_name: 'mitre-attack',
            external_id: id,
            url: `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`,
          })),
        }),
  };
}

const WORDS = {
  ipv4: 'Address',
  ipv6: 'Address',
  domain: 'Domain',
  sha256: 'File with SHA-256',
  path: 'File',
  'ssh-key': 'SSH key',
} as const;

/** STIX 2.1, 9: comparison expressions. There is no observable for SSH keys, so that one has a name of its own. */
function patternOf({ kind, value }: Indicator): string {
  switch (kind) {
    case 'ipv4':
      return `[ipv4-addr:value = ${quoted(value)}]`;
    case 'ipv6':
      return `[ipv6-addr:value = ${quoted(value)}]`;
    case 'domain':
      return `[domain-name:value = ${quoted(value)}]`;
    case 'sha256':
      return `[file:hashes.'SHA-256' = ${quoted(value)}]`;
    case 'path': {
      const slash = value.lastIndexOf('/');
      const folder = slash === 0 ? '/' : value.slice(0, slash);
      return `[file:name = ${quoted(value.slice(slash + 1))} AND file:parent_directory_ref.path = ${quoted(folder)}]`;
    }
    case 'ssh-key':
      return `[x-ssh-key:fingerprint = ${quoted(value)}]`;
  }
}

/** A string literal: `\` and `'` are escaped, after what is hostile was made visible. */
function quoted(text: string): string {
  return `'${printable(redact(text)).replace(/[\\']/g, '\\$&')}'`;
}
