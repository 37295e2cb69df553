import type { JournalRecord } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import type { TranscriptContext } from '../../src/transcript/transcript.ts';
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
import { CONTEXT } from './journal.ts';

/** An incident with one and the same text in every place that a host, a responder or a playbook can write to. */
export function incidentWith(text: string): {
  readonly incident: ReturnType<typeof fold>;
  readonly records: readonly JournalRecord[];
  readonly context: TranscriptContext;
} {
  const stepId = 'purge';
  const operationId = 'purge.1.1';
  const file = { ...makeFile(`/tmp/${text}`), sha256: text };
  const target = { kind: 'quarantine-file' as const, file };
  const plan = makePlan(stepId, 1, [target], { because: ['process:1'], remarks: [text] });
  const details = {
    title: text,
    owner: text,
    package: text,
    reasons: [{ code: 'x', text, weight: 1 }],
    places: [{ path: text, line: 3 }],
    times: { mtimeNs: text, ctimeNs: text },
  };
  const findings = [
    makeFinding('process:1', details),
    makeFinding('file:2', { ...details, package: null, subject: { kind: 'file', role: 'script', file } }),
    makeFinding('connection:3', {
      ...details,
      subject: {
        kind: 'connection',
        protocol: 'tcp',
        remoteAddress: text,
        remotePort: 1,
        state: text,
        process: null,
        isNamedOnly: true,
      },
    }),
    makeFinding('file-line:4', {
      ...details,
      subject: {
        kind: 'file-line',
        role: 'authorized-key',
        file,
        line: { number: 3, text },
        details: { fingerprint: text, type: text, comment: text },
      },
    }),
  ];
  const at = { stepId, operationId };
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep(stepId, { title: text, why: text })], { title: text }), {
      hostname: text,
      distribution: text,
    }),
    { kind: 'inputs-given', values: { [text]: text }, secretNames: [text] },
    {
      kind: 'step-looked',
      stepId,
      chosen: ['process:1'],
      outcome: makeLook(findings, { unknowns: [{ scope: 'cron', what: text, reason: text }] }),
    },
    { kind: 'plan-made', stepId, plan },
    { event: { kind: 'plan-approved', stepId, planHash: plan.hash, how: 'key' }, by: text },
    {
      kind: 'operation-started',
      ...at,
      receipt: { kind: target.kind },
      evidence: [{ name: text, sha256: text, sizeBytes: 1, source: text }],
    },
    {
      kind: 'operation-finished',
      ...at,
      outcome: makeOutcome(target.kind, { message: text }),
      output: { name: text, sizeBytes: 5, sha256: text },
    },
    { kind: 'operation-verified', ...at, verification: { status: 'unknown', detail: text } },
    { kind: 'step-finished', stepId, summary: text },
    { event: { kind: 'note-added', stepId, text }, by: text },
    { kind: 'runner-detached', reason: text },
  ]);
  const bytes = new TextEncoder().encode(text);
  const excerpts = new Map([
    [operationId, { head: bytes, tail: bytes.subarray(0, 0), totalBytes: bytes.length }],
  ]);
  return { incident: fold(records), records, context: { ...CONTEXT, excerpts } };
}

/** Texts that act on HTML, spreadsheets, terminals or parsers of lines if they get through. */
export const HOSTILE = [
  '<script>document.title="owned"</script>',
  '</style><script>document.title="owned"</script>',
  '</title></head><body onload=alert(1)>',
  '--><svg/onload=alert(1)>',
  '" onmouseover="alert(1)',
  "' style='background:url(http://evil.example/x)",
  '</pre></details><img src=x onerror=alert(1)>',
  '<meta http-equiv="refresh" content="0;url=http://evil.example">',
  '<base href="http://evil.example/"><link rel=stylesheet href=//evil.example/x.css>',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;',
  '<![CDATA[<script>alert(1)</script>]]><!--',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1,"x"\r\n=2',
  '@SUM(A1)',
  '\t=1',
  '＝1',
  "' OR [ipv4-addr:value = '1.1.1.1'] \\",
  'a\u2028b\u2029c\u0000d\u001b]0;owned\u0007\u202e',
  '{"seq":1}\n{"seq":2}',
  '\ud800 \udcff lone',
] as const;
