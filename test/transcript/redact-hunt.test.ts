import { expect, test } from 'vitest';
import type { Event } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderHashes, renderSigma, renderYara } from '../../src/transcript/hash-lists.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { REDACTIONS, type Redaction } from '../../src/transcript/names-in.ts';
import { redactNames } from '../../src/transcript/redact-names.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import {
  COMMAND,
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
  SESSION,
} from '../support/incident-builder.ts';

/** Names of a house, each where such names are met; whatever is left of one in any format is a leak. */
const PLANTED = [
  'carla',
  'Carla Rossi',
  'dmitri',
  'erzsebet',
  'fatima',
  'gustav',
  'hiroko',
  'ingrid',
  'jamal',
  '10.20.30.40',
  '192.168.44.5',
  '172.20.1.9',
  '100.64.3.3',
  '10.20.30.41',
  '10-20-30-42',
  '10.20.30.43',
  'fd12:3456:789a::5',
  'fe80::dead:beef',
  '198.51.100.77',
  'ledger-01',
  'acme.example',
  'vault.corp.internal',
  'printer.lan',
  'nasbox',
  'billing-db',
  'relayhost',
];

const OUTPUT = `carla:x:1001:1001:Carla Rossi,,,:/home/carla:/bin/bash
10.20.30.40 nasbox nasbox.acme.example
Nov 23 04:12:07 relayhost sshd[812]: Accepted publickey for dmitri from 192.168.44.5 port 22
uid=1002(erzsebet) gid=1002(erzsebet)
rsync fatima@billing-db:/srv/dump_fatima.sql /backup/10.20.30.41_dump.sql
http://10.20.30.43:8080/x http://[fd12:3456:789a::5]:80/ ping fe80::dead:beef%eth0 ssh ip-10-20-30-42
smtp.acme.example, vault.corp.internal
-rw-r--r-- 1 x x 0 /var/spool/cron/crontabs/gustav C:\\Users\\hiroko\\AppData
`;

const file = { ...makeFile('/home/ingrid/10.20.30.40-ledger-01_x.sh') };
const found = [
  makeFinding('file:1', {
    title: '/home/ingrid/10.20.30.40-ledger-01_x.sh',
    subject: { kind: 'file', role: 'script', file },
    owner: 'jamal',
    places: [{ path: '/var/mail/jamal' }],
    reasons: [{ code: 'talks', text: 'It talks to ::ffff:172.20.1.9 as carla@ledger-01', weight: 90 }],
  }),
];
const plan = makePlan(
  'purge',
  1,
  [
    {
      ...COMMAND,
      command: { shell: 'scp x gustav@printer.lan: && ping 100.64.3.3' },
      environment: { SUDO_USER: 'hiroko' },
      workingFolder: '/home/fatima',
      risk: 'disruptive',
    },
  ],
  { because: ['file:1'], remarks: ['dump_carla.tgz and backup-carla.tgz stay'] },
);
const records = makeRecords([
  ...makeOpening(makePlaybook([makeStep('look'), makeStep('purge'), makeStep('watch')]), {
    hostname: 'ledger-01.acme.example',
  }).map(
    (event): Event =>
      event.kind === 'runner-attached'
        ? { ...event, session: { ...SESSION, responder: 'carla', peerAddress: '198.51.100.77' } }
        : event.kind === 'incident-opened'
          ? { ...event, incidentId: 'ledger-01-20261123-0412' }
          : event,
  ),
  { kind: 'step-looked', stepId: 'look', outcome: makeLook(found), chosen: [] },
  { kind: 'plan-made', stepId: 'purge', plan },
  { event: { kind: 'plan-approved', stepId: 'purge', planHash: plan.hash, how: 'key' }, by: 'carla' },
  {
    kind: 'operation-started',
    stepId: 'purge',
    operationId: 'purge.1.1',
    receipt: { kind: 'run-command' },
    evidence: [{ name: 'x/ledger-01', sha256: 'e'.repeat(64), sizeBytes: 3, source: '/home/ingrid/x' }],
  },
  {
    kind: 'operation-finished',
    stepId: 'purge',
    operationId: 'purge.1.1',
    outcome: makeOutcome('run-command', {
      exitCode: 0,
      message: 'asked 10.20.30.40 and vault.corp.internal',
    }),
    output: { name: 'purge.1.1.log', sizeBytes: OUTPUT.length, sha256: 'f'.repeat(64) },
  },
  { kind: 'watch-finished', stepId: 'watch', looks: 2, returned: 0, dropped: { '10.20.30.41': 4 } },
  { kind: 'shell-opened', stepId: null, shellId: 'shell-1', argv: ['su', '-', 'carla'] },
  {
    event: { kind: 'step-skipped', stepId: 'watch', reason: 'jamal does it on NASBOX', by: 'responder' },
    by: 'carla',
  },
  {
    event: {
      kind: 'taken-over',
      from: { responder: 'erzsebet', pid: 7, hostname: 'relayhost.acme.example' },
      reason: 'Erzsebet sleeps',
      wasForced: false,
    },
    by: 'carla',
  },
]);
const excerpts = new Map([
  [
    'purge.1.1',
    { head: new TextEncoder().encode(OUTPUT), tail: new Uint8Array(), totalBytes: OUTPUT.length },
  ],
]);
const ALL = Object.keys(REDACTIONS) as Redaction[];
const done = redactNames(fold(records), records, excerpts, ALL);
const context = { journalHead: '9'.repeat(64), altered: null, excerpts: done.excerpts, redacted: ALL };

test.each(
  Object.entries({
    renderMarkdown,
    renderHtml,
    renderJson,
    renderCsv,
    renderStix,
    renderTimesketch,
    renderAsciicast,
    renderHashes,
    renderYara,
    renderSigma,
  }),
)('%s lets none of the planted names out', (_, render) => {
  const text = render(fold(done.records), done.records, context).replaceAll('\\', '');
  for (const name of PLANTED) expect(text.toLowerCase()).not.toContain(name.toLowerCase());
});

test('they are there to be found: without redaction every one of them stands in it', () => {
  const text = renderJson(fold(records), records, { ...context, excerpts, redacted: [] }).toLowerCase();
  for (const name of PLANTED) expect(text).toContain(name.toLowerCase());
});

test('each of them can be read again from the mapping, one placeholder a name', () => {
  const hidden = Object.values(done.mapping);
  expect(new Set(hidden).size).toBe(hidden.length);
  for (const name of PLANTED)
    expect(hidden.some((one) => one.toLowerCase().includes(name.toLowerCase()))).toBe(true);
});
