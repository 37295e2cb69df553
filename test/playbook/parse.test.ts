import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { catalogue } from './catalogue.ts';

function parse(text: string): Playbook {
  const { playbook, problems } = parsePlaybook(text, 'x.yaml', catalogue);
  expect(problems).toEqual([]);
  if (playbook === null) throw new Error('no playbook, and no problem said why');
  return playbook;
}

const HEAD = 'name: x\ntitle: T\n';

describe('parsePlaybook', () => {
  it('fills in every default', () => {
    expect(parse(`${HEAD}steps:\n  - { id: look, name: Look, uses: triage }\n`)).toEqual({
      name: 'x',
      title: 'T',
      summary: '',
      platform: 'any',
      inputs: {},
      env: {},
      steps: [
        {
          id: 'look',
          title: 'Look',
          why: '',
          attack: [],
          uses: 'triage',
          with: {},
          run: null,
          verify: null,
          undo: null,
          env: {},
          manual: null,
          if: null,
          needs: [],
          needsEvidenceFrom: [],
          timeoutMs: 3_600_000,
          retries: 0,
          onFailure: 'stop',
          risk: null,
          line: 4,
        },
      ],
    });
  });

  it('understands every key of a command step', () => {
    const text = `${HEAD}env: { TOP: "1" }
inputs:
  who: { type: string, default: me, description: " whom " }
steps:
  - id: a
    name: A
    manual: { do: ["look up", "call"], record: [time] }
  - id: b
    name: B
    why: >
      because
    attack: [T1057, T1053.003]
    run: echo "$WHO"
    verify: ["test", "-n", "\${{ inputs.who }}"]
    undo: |
      true
    env: { WHO: "\${{ inputs.who }}" }
    if: \${{ steps.a.status == 'done' }}
    needs: a
    needs-evidence-from: [a]
    timeout: 1m30s
    retries: 2
    on-failure: continue
    risk: irreversible
`;
    const { inputs, env, steps } = parse(text);
    expect(inputs.who).toMatchObject({ default: 'me', description: 'whom', isRequired: false });
    expect(env).toEqual({ TOP: '1' });
    expect(steps[0]).toMatchObject({
      uses: 'manual',
      manual: { instructions: ['look up', 'call'], record: ['time'] },
    });
    expect(steps[1]).toMatchObject({
      why: 'because',
      attack: ['T1057', 'T1053.003'],
      uses: 'run',
      run: { shell: 'echo "$WHO"' },
      verify: { argv: ['test', '-n', '${{ inputs.who }}'] },
      undo: { shell: 'true\n' },
      if: "steps.a.status == 'done'",
      needs: ['a'],
      needsEvidenceFrom: ['a'],
      timeoutMs: 90_000,
      retries: 2,
      onFailure: 'continue',
      risk: 'irreversible',
      line: 10,
    });
  });

  it('gives commands ten minutes', () => {
    expect(parse(`${HEAD}steps: [{ id: a, name: A, run: [id] }]`).steps[0]?.timeoutMs).toBe(600_000);
  });

  it('takes a condition that is just true or false', () => {
    expect(parse(`${HEAD}steps: [{ id: a, name: A, run: [id], if: false }]`).steps[0]?.if).toBe('false');
  });

  it('parses defaults of inputs into their values', () => {
    const { inputs } = parse(`${HEAD}inputs:
  a: { type: duration, default: 8d }
  b: { type: cidr, list: true, default: [2001:DB8::/32, 10.0.0.1] }
  c: { type: pid }
  d: { type: ip, list: true }
  e: { type: boolean, default: false }
steps: [{ id: a, name: A, uses: triage }]`);
    expect(Object.values(inputs).map((input) => input.default)).toEqual([
      691_200_000,
      ['2001:db8::/32', '10.0.0.1'],
      null,
      [],
      false,
    ]);
  });

  it('follows anchors and aliases that stay small', () => {
    const text = `${HEAD}inputs:\n  a: &address { type: ip }\n  b: *address\nsteps: [{ id: a, name: A, uses: triage }]`;
    const { inputs } = parse(text);
    expect(inputs.b).toEqual(inputs.a);
  });

  it('leaves parameters that hold an expression to be checked when they are known', () => {
    const text = `${HEAD}inputs: { peers: { type: cidr, list: true }, dns: { type: boolean } }
steps:
  - id: a
    name: A
    uses: isolate
    with: { allow: "\${{ inputs.peers }}", allow-dns: "\${{ inputs.dns }}", confirm-within: "\${{ 60 * 1000 }}" }
`;
    expect(parse(text).steps[0]?.with).toEqual({
      allow: '${{ inputs.peers }}',
      'allow-dns': '${{ inputs.dns }}',
      'confirm-within': '${{ 60 * 1000 }}',
    });
  });

  it('lets names of inputs and steps be those of object members', () => {
    const text = `${HEAD}inputs: { constructor: { type: string, default: x } }
steps: [{ id: tostring, name: A, run: [echo, "\${{ inputs.constructor }}"], if: steps.tostring.found == 0 }]`;
    expect(parse(text).inputs.constructor).toMatchObject({ default: 'x' });
    const { problems } = parsePlaybook(
      `${HEAD}steps: [{ id: a, name: A, uses: triage, if: inputs.constructor == "x" }]`,
      'x.yaml',
      catalogue,
    );
    expect(problems.map((problem) => problem.code)).toEqual(['unknown-name']);
  });

  it('warns, and still gives the playbook, of destruction without evidence', () => {
    const text = `${HEAD}steps: [{ id: a, name: A, run: [rm, /x], risk: irreversible }]`;
    const { playbook, problems } = parsePlaybook(text, 'x.yaml', catalogue);
    expect(playbook).not.toBeNull();
    expect(problems).toMatchObject([{ severity: 'warning', code: 'missing-key' }]);
  });

  it('counts lines behind a byte order mark and CRLF as an editor does', () => {
    const { problems } = parsePlaybook('\ufeffname: x\r\ntitle: T\r\nstpes: []\r\n', 'x.yaml', catalogue);
    expect(problems.find((problem) => problem.code === 'unknown-key')).toMatchObject({ line: 3, column: 1 });
  });
});
