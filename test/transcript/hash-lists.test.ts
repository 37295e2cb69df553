import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import init, { Compiler } from '@virustotal/yara-x';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fold } from '../../src/engine/reduce.ts';
import { renderHashes, renderSigma, renderYara } from '../../src/transcript/hash-lists.ts';
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
import { CONTEXT } from './journal.ts';

const sample = new TextEncoder().encode('a miner\n');
const sha256 = createHash('sha256').update(sample).digest('hex');

function parts(count = 1) {
  const findings = Array.from({ length: count }, (_, index) =>
    makeFinding(`file:${index}`, {
      title: `/tmp/.x/*${index}`,
      package: null,
      subject: {
        kind: 'file',
        role: 'script',
        file: {
          ...makeFile(`/tmp/.x/*${index}`),
          sha256: index === 0 ? sha256 : index.toString(16).padStart(64, '0'),
        },
      },
    }),
  );
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook(findings), chosen: [] },
  ]);
  return [fold(records), records, CONTEXT] as const;
}

const hostile = (text: string) => {
  const { incident, records, context } = incidentWith(text);
  return [incident, records, context] as const;
};

beforeAll(async () => {
  const entry = createRequire(import.meta.url).resolve('@virustotal/yara-x');
  await init({ module_or_path: readFileSync(join(dirname(entry), 'yara_x_js_bg.wasm')) });
});

function compiled(source: string) {
  const compiler = new Compiler();
  compiler.addSource(source);
  return compiler.build();
}

describe('YARA', () => {
  test('the rule is found by YARA-X in the very file, and in no other', () => {
    const rules = compiled(renderYara(...parts()));
    expect(rules.scan(sample).matches).toHaveLength(1);
    expect(rules.scan(new TextEncoder().encode('a miner')).matches).toHaveLength(0);
  });

  test('a rule of 5,000 hashes compiles; so does one of none, which matches nothing', () => {
    expect(compiled(renderYara(...parts(5000))).scan(sample).matches).toHaveLength(1);
    const records = makeRecords(makeOpening(makePlaybook([makeStep('look')])));
    expect(compiled(renderYara(fold(records), records, CONTEXT)).scan(sample).matches).toHaveLength(0);
  });

  test.each(HOSTILE)('%j of the host stays a comment', (text) => {
    expect(() => compiled(renderYara(...hostile(text)))).not.toThrow();
  });
});

describe('Sigma', () => {
  const rulesOf = (text: string) =>
    parseAllDocuments(text, { strict: true, uniqueKeys: true }).map((document) => {
      expect('errors' in document ? document.errors : []).toEqual([]);
      return 'toJS' in document ? document.toJS() : null;
    });

  test('is YAML with what a rule must have, and wildcards taken as they are', () => {
    const [programs, files] = rulesOf(renderSigma(...parts()));
    expect(programs).toMatchObject({
      title: expect.stringMatching(/^Programs of incident /),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logsource: { product: 'linux', category: 'process_creation' },
      detection: {
        by_hash: { 'Hashes|contains': [`SHA256=${sha256}`] },
        by_path: { Image: ['/tmp/.x/\\*0'] },
        condition: '1 of by_*',
      },
    });
    expect(files).toMatchObject({ logsource: { category: 'file_event' } });
  });

  test.each(HOSTILE)('%j of the host stays a value', (text) => {
    for (const rule of rulesOf(renderSigma(...hostile(text)))) {
      if (rule === null) continue;
      expect(Object.keys(rule).sort()).toEqual(
        ['date', 'description', 'detection', 'id', 'level', 'logsource', 'status', 'title'].sort(),
      );
    }
  });
});

test('the plain list has a hash and what it was on each line', () => {
  expect(renderHashes(...parts())).toBe(`${sha256}  /tmp/.x/*0\n`);
  for (const text of HOSTILE)
    expect(renderHashes(...hostile(text))).toMatch(/^(?:[0-9a-f]{64} {2}[^\n]*\n)*$/);
});
