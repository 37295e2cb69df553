import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, tourniquet } from '../end-to-end/program.ts';
import { startPty } from '../support/pty.ts';

const TAB = '\t';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tourniquet-completion-'));
  const program = join(folder, 'tourniquet');
  const words = tourniquet.map((word) => `'${word}'`).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec ${words} --incident-dir '${folder}/incidents' "$@"\n`);
  chmodSync(program, 0o755);
  const incident = join(folder, 'incidents', 'web-07-20261123-041209');
  mkdirSync(incident, { recursive: true });
  writeFileSync(join(incident, 'journal.jsonl'), '');
  writeFileSync(join(folder, 'own-playbook.yaml'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const candidates = (...words: string[]) =>
  run(['--incident-dir', join(folder, 'incidents'), 'complete', '--', ...words])
    .stdout.trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]);

describe('what can stand there', () => {
  test('commands, options, their values, and names that only this machine knows', () => {
    expect(candidates('tran')).toEqual(['transcript']);
    expect(candidates('playbook', 'ch')).toEqual(['check']);
    expect(candidates('transcript', '--form')).toEqual(['--format']);
    expect(candidates('transcript', '--format', 'h')).toContain('html');
    expect(candidates('transcript', '--format=ht')).toEqual(['--format=html']);
    expect(candidates('transcript', '--format', '=', 'ht')).toEqual(['html']);
    expect(candidates('resume', 'we')).toEqual(['web-07-20261123-041209', ':files']);
    expect(candidates('run', 'cryptominer-l')).toEqual(['cryptominer-linux', ':files']);
    expect(candidates('settings', 'signals.b')).toEqual(['signals.bell']);
    expect(candidates('scan', '--only', 'preload')).toContain('preload');
    expect(candidates('nonsense', '')).toEqual(['']);
  });
});

describe('in real shells, by pressing tab', () => {
  const shells = {
    bash: {
      argv: ['/bin/bash', '--norc', '--noprofile', '-i'],
      set: 'source <(tourniquet completion bash)',
      environment: {},
    },
    zsh: {
      argv: ['/bin/zsh', '-f', '-i'],
      set: 'autoload -Uz compinit; compinit -D -u; source <(tourniquet completion zsh)',
      environment: {},
    },
    fish: {
      argv: ['/usr/bin/fish', '--no-config', '-i'],
      set: 'tourniquet completion fish | source',
      environment: { fish_features: 'no-query-term' },
    },
  } as const;

  for (const [name, { argv, set, environment }] of Object.entries(shells)) {
    test(name, async () => {
      const home = join(folder, name);
      mkdirSync(home);
      const program = startPty(argv, {
        columns: 160,
        cwd: folder,
        environment: { ...environment, HOME: home, PATH: `${folder}:/usr/bin:/bin` },
      });
      program.press(`${set}; echo re''ady\r`);
      await program.waitFor(/^ready/m, 60_000);
      program.press(`tourniquet transc${TAB}`);
      await program.waitFor(/tourniquet transcript/, 60_000);
      program.press(`--format ht${TAB}`);
      await program.waitFor(/--format html/, 60_000);
      program.press(`web-${TAB}`);
      await program.waitFor(/web-07-20261123-041209/, 60_000);
      program.press(`\u0015tourniquet playbook check own-${TAB}`);
      await program.waitFor(/check own-playbook\.yaml/, 60_000);
      program.kill('SIGKILL');
    }, 200_000);
  }
});
