import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPlaybooks, listPlaybooks, showPlaybook, writeSchema } from '../../src/cli/playbook/playbook.ts';
import { playbookPath } from '../../src/cli/playbook/playbook-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tourniquet-playbooks-'));
  writeFileSync(
    join(folder, 'good.yaml'),
    'name: good\ntitle: Good\nsteps: [{ id: look, name: Look, uses: triage }]\n',
  );
  writeFileSync(
    join(folder, 'bad.yaml'),
    'name: bad\ntitle: Bad\nsteps: [{ id: look, name: Look, uses: triag }]\n',
  );
  writeFileSync(
    join(folder, 'warned.yaml'),
    'name: other\ntitle: W\nsteps: [{ id: look, name: Look, uses: triage }]\n',
  );
  writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('name: latin1\ntitle: caf\xe9\n', 'latin1'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function capture<T>(
  run: (output: { json: boolean; write: (text: string) => void; folder: string }) => T,
  json = false,
) {
  const pieces: string[] = [];
  const write = (piece: string) => {
    pieces.push(piece);
  };
  const code = await run({ json, write, folder });
  return { text: pieces.join(''), code };
}

describe('playbook check', () => {
  it('ends with 0 for what is right or only warned about', async () => {
    const files = ['good.yaml', 'warned.yaml'].map((file) => join(folder, file));
    const { text, code } = await capture((output) => checkPlaybooks(files, output));
    expect(code).toBe(0);
    expect(text).toContain('good.yaml: no problems');
    expect(text).toContain('warned.yaml: 1 warning');
  });

  it('reports every file, the unreadable ones too, and ends with 2', async () => {
    const files = ['bad.yaml', 'latin1.yaml', 'missing.yaml', '', 'pipe'].map((file) => join(folder, file));
    const { text, code } = await capture((output) => checkPlaybooks(files, output));
    expect(code).toBe(2);
    expect(text).toContain('bad.yaml:3:39: error [unknown-action] there is no action "triag"');
    expect(text).toContain('latin1.yaml:2:11: error [not-yaml]');
    expect(text).toContain('missing.yaml: error [no-such-playbook]');
    expect(text).toContain('there is no such file');
    expect(text).toContain('it is a folder');
    expect(text).toMatch(/pipe:1:1: error \[not-a-mapping\] the file is empty/);
  });

  it('takes the name of a shipped one as well', async () => {
    expect((await capture((output) => checkPlaybooks(['good'], output))).code).toBe(0);
    const { text, code } = await capture((output) => checkPlaybooks(['goood'], output));
    expect([code, text]).toEqual([
      2,
      'goood: error [no-such-playbook] There is no playbook "goood". Did you mean good?\n',
    ]);
  });

  it('gives the same as JSON', async () => {
    const files = ['good.yaml', 'bad.yaml', 'missing.yaml'].map((file) => join(folder, file));
    const { text, code } = await capture((output) => checkPlaybooks(files, output), true);
    expect(code).toBe(2);
    expect(JSON.parse(text)).toEqual({
      files: [
        { file: files[0], isValid: true, error: null, problems: [] },
        {
          file: files[1],
          isValid: false,
          error: null,
          problems: [
            {
              code: 'unknown-action',
              severity: 'error',
              message: 'there is no action "triag"',
              hint: 'did you mean "triage"?',
              line: 3,
              column: 39,
              endLine: 3,
              endColumn: 44,
            },
          ],
        },
        {
          file: files[2],
          isValid: false,
          error: expect.objectContaining({ code: 'no-such-playbook' }),
          problems: [],
        },
      ],
    });
  });

  it('checks all of the folder if none is named', async () => {
    const { text } = await capture((output) => checkPlaybooks([], output));
    expect(text).toContain('good.yaml');
    expect(text).toContain('latin1.yaml');
  });
});

describe('playbook list', () => {
  it('lists what is right with its title, and what is wrong as such', async () => {
    const { text, code } = await capture(listPlaybooks);
    expect(code).toBe(0);
    expect(text).toMatch(/^good +any +- +1 +Good$/m);
    expect(text).toMatch(/^bad +has 1 problem/m);
    const { text: json } = await capture(listPlaybooks, true);
    expect(JSON.parse(json).playbooks.map((entry: { name: string }) => entry.name)).toEqual([
      'bad',
      'good',
      'latin1',
      'other',
    ]);
  });
});

describe('playbook show', () => {
  it('shows inputs and steps of a shipped one by its name', async () => {
    const { text, code } = await capture((output) =>
      showPlaybook('cryptominer-linux', { json: false, write: output.write }),
    );
    expect(code).toBe(0);
    expect(text).toContain('watch-for  [duration, default 10m]');
    expect(text).toContain('5. Kill process  (kill-process: kill-process; needs snapshot)');
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('shows the problems of one that is wrong', async () => {
    const { text, code } = await capture((output) => showPlaybook(join(folder, 'bad.yaml'), output));
    expect(code).toBe(2);
    expect(text).toContain('[unknown-action]');
  });
});

describe('playbookPath', () => {
  it('takes paths as they are and names from the folder, and knows what was meant', async () => {
    expect(await playbookPath('./x', folder)).toBe('./x');
    expect(await playbookPath('x.yml', folder)).toBe('x.yml');
    expect(await playbookPath('good', folder)).toBe(join(folder, 'good.yaml'));
    await expect(playbookPath('goood', folder)).rejects.toMatchObject({
      code: 'no-such-playbook',
      hint: 'Did you mean good?',
    });
  });
});

describe('playbook schema', () => {
  it('prints JSON', async () => {
    const { text, code } = await capture(writeSchema);
    expect(code).toBe(0);
    expect(JSON.parse(text)).toHaveProperty('properties.steps');
  });
});
