import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { exportCacao } from '../../src/cacao/export-cacao.ts';
import { importCacao } from '../../src/cacao/import-cacao.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { playbookFile, writeYaml } from '../../src/playbook/write-playbook.ts';
import { run } from '../bundle/make-incident.ts';
import { brokenRules } from './cacao-rules.ts';

const SHIPPED = join(import.meta.dirname, '../../playbooks/cryptominer-linux.yaml');

function parsed(yaml: string): Playbook {
  const { playbook, problems } = parsePlaybook(yaml, '', actionCatalogue);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (playbook === null) throw new Error('it is none');
  return playbook;
}

/** Lines of a file are no part of what a playbook says. */
const withoutLines = (playbook: Playbook) => ({
  ...playbook,
  steps: playbook.steps.map(({ line: _, ...step }) => step),
});
const shipped = parsed(readFileSync(SHIPPED, 'utf8'));

let count = 0;
const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;

/** A CACAO playbook with the steps given, by short names that become identifiers. */
function cacao(steps: Record<string, object>, more: object = {}) {
  const ids = new Map<string, string>();
  const idOf = (name: string) => {
    const type = /^[a-z-]+(?=:)/.exec(name)?.[0] ?? 'action';
    const known = ids.get(name) ?? `${type}--${uuid()}`;
    ids.set(name, known);
    return known;
  };
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return /^@/.test(value) ? idOf(value.slice(1)) : value;
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key.startsWith('@') ? idOf(key.slice(1)) : key,
        named(inner),
      ]),
    );
  };
  return named({
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${uuid()}`,
    name: 'Block the pool',
    created_by: `identity--${uuid()}`,
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-01-01T00:00:00.000Z',
    workflow_start: '@start:s',
    agent_definitions: { '@linux:host': { type: 'linux', name: 'web', address: { dname: ['web'] } } },
    target_definitions: { '@ssh:web': { type: 'ssh', name: 'web server', address: { dname: ['web'] } } },
    workflow: Object.fromEntries(
      Object.entries({
        'start:s': { type: 'start', on_completion: '@a' },
        'end:e': { type: 'end' },
        ...steps,
      }).map(([name, step]) => [`@${name}`, step]),
    ),
    ...more,
  });
}

const bash = (command: string, more: object = {}) => ({
  type: 'action',
  name: command.split(' ')[0],
  commands: [{ type: 'bash', command }],
  agent: '@linux:host',
  on_completion: '@end:e',
  ...more,
});

const imported = (json: unknown) => {
  const { file, faults, remarks } = importCacao(json);
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { playbook: parsed(writeYaml(file)), remarks };
};

describe('export', () => {
  test('of the shipped playbook keeps to the standard', () => {
    expect(brokenRules(exportCacao(shipped))).toEqual([]);
    expect(exportCacao(shipped)).toEqual(exportCacao(shipped));
  });

  test('and back is the same playbook', () => {
    const { playbook, remarks } = imported(JSON.parse(JSON.stringify(exportCacao(shipped))));
    expect(withoutLines(playbook)).toEqual(withoutLines(shipped));
    expect(remarks).toEqual([]);
  });

  test('of one with every kind of step keeps to the standard, and back is the same', () => {
    const playbook = parsed(`
name: every-kind
title: Every kind
platform: linux
inputs:
  pool: { type: ip, required: true, description: "Where it goes" }
  ticket: { type: string, pattern: '[A-Z]+-[0-9]+', default: 'X-1' }
env: { LANG: C }
steps:
  - { id: look, name: Look, uses: triage, attack: [T1496] }
  - id: tell
    name: Tell
    run: |
      echo "$POOL"
    env: { POOL: "\${{ inputs.pool }}", NOTE: 'a "quoted" $word' }
    undo: echo undone
    verify: "true"
    timeout: 90s
    retries: 2
    on-failure: continue
    risk: reversible
  - { id: list, name: List, run: [echo, "\${{ inputs.ticket }}", "it's"], if: inputs.ticket != "X-2", needs: [look] }
  - { id: hand, name: By hand, manual: { do: [Say so., Write it down.], record: [who] } }
`);
    const json = JSON.parse(JSON.stringify(exportCacao(playbook)));
    expect(brokenRules(json)).toEqual([]);
    expect(withoutLines(imported(json).playbook)).toEqual(withoutLines(playbook));
    expect(JSON.stringify(json)).toContain('__pool__:value');
  });

  test('a playbook that is written as a file is read as the same', () => {
    expect(withoutLines(parsed(writeYaml(playbookFile(shipped))))).toEqual(withoutLines(shipped));
  });
});

describe('import', () => {
  test('bash with variables gets them by the environment, never in the text', () => {
    const { playbook } = imported(
      cacao(
        { a: bash('nft add rule __pool__:value drop') },
        {
          playbook_variables: {
            __pool__: { type: 'ipv4-addr', value: '203.0.113.9', external: true },
            __n__: { type: 'integer', value: '3' },
          },
        },
      ),
    );
    expect(playbook.steps).toMatchObject([
      {
        id: 'nft',
        run: { shell: `nft add rule \${CACAO_POOL} drop` },
        env: { CACAO_POOL: `\${{ inputs.pool }}` },
      },
    ]);
    expect(playbook.inputs).toMatchObject({
      pool: { type: 'cidr', default: '203.0.113.9' },
      n: { type: 'integer', default: 3 },
    });
  });

  test('if, switch and failure become conditions', () => {
    const { playbook, remarks } = imported(
      cacao(
        {
          a: {
            ...bash('first x'),
            on_completion: undefined,
            on_success: '@if-condition:i',
            on_failure: '@f',
          },
          f: bash('rescue x'),
          'if-condition:i': {
            type: 'if-condition',
            condition: "__mode__:value = 'hard' AND __n__:value > 2",
            on_true: '@t',
            on_false: '@o',
            on_completion: '@switch-condition:w',
          },
          t: bash('hard x'),
          o: bash('soft x'),
          'switch-condition:w': {
            type: 'switch-condition',
            switch: '__mode__:value',
            cases: { hard: '@h', default: '@d' },
            on_completion: '@end:e',
          },
          h: bash('case-hard x'),
          d: bash('case-default x'),
        },
        {
          playbook_variables: {
            __mode__: { type: 'string', value: 'hard' },
            __n__: { type: 'integer', value: '3' },
          },
        },
      ),
    );
    expect(remarks).toEqual([]);
    expect(playbook.steps.map(({ id, if: when }) => [id, when])).toEqual([
      ['first', null],
      ['hard', '(inputs.mode == "hard" && inputs.n > 2)'],
      ['soft', '(!(inputs.mode == "hard" && inputs.n > 2))'],
      ['case-hard', '(string(inputs.mode) == "hard")'],
      ['case-default', '(string(inputs.mode) != "hard")'],
      ['rescue', '(steps.first.status == "failed")'],
    ]);
    expect(playbook.steps[0]?.onFailure).toBe('continue');
  });

  test('what cannot be run is said exactly, and left to a person', () => {
    const { playbook, remarks } = imported(
      cacao({
        a: {
          ...bash('true x'),
          commands: [
            { type: 'powershell', command: 'Get-Process' },
            { type: 'http-api', command: 'POST /block HTTP/1.1', content: '{"a":1}' },
            { type: 'manual', command: 'Call somebody' },
            { type: 'ssh', command_b64: btoa('uptime') },
            { type: 'kestrel', command: 'x = GET process' },
          ],
          targets: ['@ssh:web'],
          on_completion: '@while-condition:w',
        },
        'while-condition:w': {
          type: 'while-condition',
          condition: '__x__ MATCHES 3',
          on_true: '@l',
          on_completion: '@parallel:p',
        },
        l: bash('loop x'),
        'parallel:p': {
          type: 'parallel',
          next_steps: ['@p1', '@playbook-action:b'],
          on_completion: '@end:e',
        },
        p1: bash('one x'),
        'playbook-action:b': {
          type: 'playbook-action',
          name: 'Other',
          playbook_id: `playbook--${uuid()}`,
          on_completion: '@end:e',
        },
      }),
    );
    expect(playbook.steps.map(({ uses }) => uses)).toEqual([
      'manual',
      'manual',
      'manual',
      'run',
      'manual',
      'manual',
      'run',
      'run',
      'manual',
    ]);
    expect(playbook.steps[3]?.run).toEqual({ shell: 'uptime' });
    expect(remarks.map(({ text }) => text)).toEqual([
      expect.stringContaining('powershell cannot be run'),
      expect.stringContaining('no HTTP request'),
      expect.stringContaining('on the host responded to, CACAO says on web server'),
      expect.stringContaining('kestrel cannot be run'),
      expect.stringContaining('loops are not run'),
      expect.stringContaining('one after another'),
      expect.stringContaining('is not at hand'),
    ]);
  });

  test.each([
    [
      'a reference to no step',
      { a: bash('x', { on_completion: '@nowhere' }) },
      'dangling',
      /there is no step/,
    ],
    [
      'an agent that is not defined',
      { a: bash('x', { agent: '@linux:other' }) },
      'dangling',
      /there is no agent/,
    ],
    [
      'a circle',
      { a: bash('x', { on_completion: '@b' }), b: bash('y', { on_completion: '@a' }) },
      'circle',
      /leads back to itself/,
    ],
    ['no end', { a: bash('x', { on_completion: undefined }) }, 'no-end', /not even an end/],
    [
      'a contradiction',
      { a: bash('x', { on_success: '@end:e' }) },
      'contradiction',
      /must not have on_success/,
    ],
    ['an unknown variable', { a: bash('echo __who__:value') }, 'unknown-variable', /__who__/],
    ['no commands', { a: bash('x', { commands: [] }) }, 'schema', /./],
  ])('%s is refused, and where it is', (_, steps, code, words) => {
    const { file, faults } = importCacao(cacao(steps));
    expect(file).toBeNull();
    expect(faults).toContainEqual(
      expect.objectContaining({ code, severity: 'error', message: expect.stringMatching(words) }),
    );
    expect(faults[0]?.where).toMatch(/^workflow/);
  });

  test('what nothing leads to is a warning', () => {
    const { faults, file } = importCacao(cacao({ a: bash('x'), lost: bash('y') }));
    expect(file).not.toBeNull();
    expect(faults).toMatchObject([{ code: 'unreachable', severity: 'warning' }]);
  });

  test.each([
    null,
    [],
    'x',
    {},
    { type: 'playbook' },
    { ...(cacao({ a: bash('x') }) as object), spec_version: '1.0' },
  ])('%j is no CACAO 2.0 playbook', (json) => {
    expect(importCacao(json)).toMatchObject({
      file: null,
      faults: expect.arrayContaining([expect.objectContaining({ code: 'schema' })]),
    });
  });
});

test('the commands write the one and read it again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-cacao-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const exported = await run(folder, ['playbook', 'export', 'cryptominer-linux', '--format', 'cacao']);
  expect(exported.code).toBe(0);
  const file = join(folder, 'p.json');
  await writeFile(file, exported.stdout);
  const back = await run(folder, ['playbook', 'import', file]);
  expect(back).toMatchObject({ code: 0, stderr: '' });
  expect(withoutLines(parsed(back.stdout))).toEqual(withoutLines(shipped));
  await writeFile(file, '{');
  expect((await run(folder, ['playbook', 'import', file])).error).toMatchObject({ code: 'not-json' });
  await writeFile(file, '{}');
  expect(await run(folder, ['playbook', 'import', file])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('error [schema] type:'),
  });
});
