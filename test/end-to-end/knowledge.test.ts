import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHost } from '../../src/cli/run/hosts.ts';
import { openSandbox } from '../../src/drill/sandbox.ts';
import { textInside } from '../drill/inside.ts';
import { Incidents, run } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tourniquet-knowledge-'));
const at = (name: string) => join(folder, name);
const PLANTED = '#!/bin/sh\n: HELLO-SEVEN\n';
const RULE =
  'rule seven { meta: description = "the seventh campaign" score = 95 strings: $mark = "HELLO-SEVEN" condition: $mark }\n';
const INDICATORS =
  'name: case-12\ntitle: T\nsources: { a: "https://example.org/" }\nnames:\n  - { values: [netdsvc], source: a }\n';
const ALLOW = `allow:\n  - file: /opt/ours/run\n    sha256: ${createHash('sha256').update('#!/bin/sh\n').digest('hex')}\n    because: our probe\n`;

/** The first step waits for somebody; what the second finds is found by what the first session was given. */
const LATER =
  "name: later\ntitle: T\nsteps:\n  - { id: wait, name: Wait, run: ['true'], risk: reversible }\n  - { id: look, name: Look, uses: triage }\n";

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
  writeFileSync(at('own.yar'), RULE);
  writeFileSync(at('later.yaml'), LATER);
  writeFileSync(at('case-12.yaml'), INDICATORS);
  writeFileSync(at('ours.yaml'), ALLOW);
});
afterAll(async () => {
  await incidents.end();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

describe('files that are wrong', () => {
  test('are told whole, with their places, and nothing is run', () => {
    writeFileSync(at('bad.yar'), 'rule a {\n  condition: nonsense\n}\n');
    writeFileSync(at('bad.yaml'), INDICATORS.replace('netdsvc', 'a/b'));
    const { code, stdout, stderr } = run(['scan', '--rules', at('bad.yar'), '--indicators', at('bad.yaml')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${at('bad.yaml')}:5:16: error [wrong-value]`);
    expect(stderr).toMatch(/unknown identifier `nonsense`\n *--> bad\.yar:2:14/);
  });
});

describe('an incident with files of the responder’s own', () => {
  let id = '';

  test('records them', async () => {
    const { code } = run(
      [
        ...['--incident-dir', incidents.folder, 'run', at('later.yaml'), '--json', '--drill'],
        ...['--indicators', at('case-12.yaml'), '--rules', at('own.yar'), '--allow', at('ours.yaml')],
      ],
      {},
      180_000,
    );
    expect(code).toBe(4);
    id = incidents.newest();
    const events = (await incidents.records(id)).map(({ event }) => event);
    expect(events.find(({ kind }) => kind === 'knowledge-given')).toMatchObject({
      indicators: [{ name: 'case-12', entries: [{ kind: 'names', value: 'netdsvc' }] }],
      rules: [{ name: 'own.yar', sha256: createHash('sha256').update(RULE).digest('hex') }],
    });
    expect(events.find(({ kind }) => kind === 'declared-ours')).toMatchObject({
      entry: { kind: 'file', path: '/opt/ours/run' },
      reason: 'our probe',
      file: 'ours.yaml',
    });
    expect(await readdir(join(incidents.folder, id, 'rules'))).toHaveLength(1);
  }, 240_000);

  test('uses them over the agent: a rule alone recognises a file, a declared one that changed is suspicious', async () => {
    const sandbox = openSandbox(await incidents.sandboxId(id));
    await textInside(
      sandbox,
      'mkdir -p /opt/ours /usr/local/bin && printf %s "$1" > /usr/local/bin/report && printf "#!/bin/sh\\nexit 0\\n" > /opt/ours/run && chmod 755 /opt/ours/run /usr/local/bin/report && printf "15 3 * * * root /usr/local/bin/report\\n" > /etc/cron.d/report',
      PLANTED,
    );
    const host = await openHost({ kind: 'drill', sandboxId: sandbox.id });
    try {
      const { findings } = await host.scan(
        { scopes: ['dropped-files', 'cron'], sampleMs: 0, rules: [{ name: 'own.yar', text: RULE }] },
        {},
      );
      const file = findings.find(({ title }) => title === '/usr/local/bin/report');
      expect(file).toMatchObject({ verdict: 'malicious' });
      expect(file?.reasons[0]?.text).toContain('the rule seven of own.yar');
    } finally {
      await host.close();
    }
    // Resumed without naming them again: the look is the incident's, with its rules and declarations.
    run(['--incident-dir', incidents.folder, 'resume', id, '--json', '--yes'], {}, 180_000);
    const looks = (await incidents.records(id)).flatMap(({ event }) =>
      event.kind === 'step-looked' ? [event.outcome.findings] : [],
    );
    const declared = looks.at(-1)?.find(({ title }) => title === '/opt/ours/run');
    expect(declared?.reasons[0]?.code).toBe('allow-list-changed');
    expect(looks.at(-1)?.find(({ title }) => title === '/usr/local/bin/report')?.verdict).toBe('malicious');
  }, 300_000);

  test('gives what was declared as a file for the next one, and a changed rule is found out', async () => {
    const { stdout, stderr } = run(['--incident-dir', incidents.folder, 'allow', id]);
    expect(stderr).toBe('');
    writeFileSync(at('next.yaml'), stdout);
    expect(stdout).toContain('file: "/opt/ours/run"');
    const [name = ''] = await readdir(join(incidents.folder, id, 'rules'));
    expect(run(['--incident-dir', incidents.folder, 'verify', id]).stdout).not.toContain('rules/');
    await appendFile(join(incidents.folder, id, 'rules', name), '\n');
    const verified = run(['--incident-dir', incidents.folder, 'verify', id]);
    expect(verified.stdout + verified.stderr).toContain(`rules/${name}`);
    const { code } = run(['scan', '--only', 'host-keys', '--allow', at('next.yaml'), '--json']);
    expect(code).toBe(0);
  }, 120_000);
});
