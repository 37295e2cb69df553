import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { PlaybookCommand, Step } from '../../src/playbook/playbook.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stepOf(playbook: string, id: string): Step {
  const file = join(import.meta.dirname, '..', '..', 'playbooks', `${playbook}.yaml`);
  const step = parsePlaybook(readFileSync(file, 'utf8'), file, actionCatalogue).playbook?.steps.find(
    (each) => each.id === id,
  );
  if (step === undefined) throw new Error(`${playbook} has no step ${id}`);
  return step;
}

/** A tool that keeps its state in files beside it and writes down how it was called. */
function standIn(name: 'gcloud' | 'az'): void {
  const script = readFileSync(join(import.meta.dirname, `stand-in-${name}.sh`), 'utf8');
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ncd ${folder}\nprintf '%s\\n' "$*" >> calls\n${script}`);
  chmodSync(path, 0o755);
}

type Environment = Readonly<Record<string, string>>;

function spawned(command: PlaybookCommand | null, environment: Environment) {
  if (command === null || !('shell' in command)) throw new Error('no command');
  const env = { PATH: `${folder}:/usr/bin:/bin`, ...environment };
  return spawnSync('/bin/sh', ['-c', command.shell], { env, encoding: 'utf8' });
}

const sh = (command: PlaybookCommand | null, environment: Environment) =>
  spawned(command, environment).status;
const output = (command: PlaybookCommand | null, environment: Environment) =>
  spawned(command, environment).stdout;
/** What the stand-in keeps, without the last newline. */
const kept = (name: string) => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '';
};

/** The step's own check fails before, holds once it is done (also when it is done again), and fails again once it is undone. */
function doneAndUndone(step: Step, environment: Environment): void {
  expect(step.on).toBe('responder');
  expect(sh(step.verify, environment)).not.toBe(0);
  expect(sh(step.run, environment)).toBe(0);
  expect(sh(step.run, environment)).toBe(0);
  expect(sh(step.verify, environment)).toBe(0);
  expect(sh(step.undo, environment)).toBe(0);
  expect(sh(step.verify, environment)).not.toBe(0);
}

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('cryptominer-gcp', () => {
  const KEYS = [
    `own@shop.iam.gserviceaccount.com/${'a'.repeat(40)}`,
    `own@shop.iam.gserviceaccount.com/${'b'.repeat(40)}`,
  ];
  const environment = {
    ...{ INSTANCE: 'web-07', ZONE: 'europe-west1-b', PROJECT: 'shop', INCIDENT: 'web-07-20261123-041200' },
    ...{
      RANGE: '198.51.100.7/32',
      SHARED: 'false',
      KEYS: KEYS.join(' '),
      IMAGE: 'debian-cloud/debian-12-v20250610',
    },
  };
  const MARK = 'tourniquet-3230655526';
  const playbook = 'cryptominer-gcp';

  it.each([
    'cloud-snapshot',
    'quarantine-rules',
    'cloud-isolate',
    'service-account',
    'access-keys',
    'backups',
    're-image',
  ])('%s is done, verified and undone, and done twice it is done once', (id) => {
    standIn('gcloud');
    doneAndUndone(stepOf(playbook, id), environment);
    expect(['labels', 'tags', 'rules', 'policies', 'disabled', 'snapshots'].map(kept)).toEqual(
      Array(6).fill(''),
    );
  });

  it('snapshots each disk under a name that Google takes', () => {
    standIn('gcloud');
    sh(stepOf(playbook, 'cloud-snapshot').run, environment);
    const names = kept('snapshots').split('\n');
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  it('makes the rules in each network that the machine is in, and where it has IPv6 for that too', () => {
    standIn('gcloud');
    sh(stepOf(playbook, 'quarantine-rules').run, environment);
    expect(kept('rules').split('\n')).toEqual(
      ['1-out', '1-in', '1-ssh', '2-out', '2-in', '2-ssh', '2-out6', '2-in6'].map(
        (name) => `${MARK}-${name}`,
      ),
    );
    expect(
      calls().filter((call) => call.includes('-create') || call.includes('--project=host-shop')),
    ).not.toEqual([]);
  });

  it('leaves a service account alone that others use, and says who', () => {
    standIn('gcloud');
    writeFileSync(join(folder, 'others'), 'db-01\teurope-west1-b\n');
    const { run } = stepOf(playbook, 'service-account');
    expect(output(run, environment)).toMatch(/also used by:\ndb-01\teurope-west1-b\nNothing is changed/);
    expect(kept('disabled')).toBe('');
    expect(sh(run, { ...environment, SHARED: 'true' })).toBe(0);
    expect(kept('disabled')).not.toBe('');
  });

  it('switches on again only the keys that it switched off', () => {
    standIn('gcloud');
    writeFileSync(join(folder, 'disabled'), `${'b'.repeat(40)}\n`);
    const { run, undo } = stepOf(playbook, 'access-keys');
    expect([sh(run, environment), kept('disabled').split('\n').length, sh(undo, environment)]).toEqual([
      0, 2, 0,
    ]);
    expect(kept('disabled')).toBe('b'.repeat(40));
  });

  it('shows the threats of the machine apart from others, and goes on where there is no Security Command Center', () => {
    standIn('gcloud');
    const { run, risk } = stepOf(playbook, 'alert');
    expect(risk).toBe('read-only');
    expect(output(run, environment)).toMatch(/Of web-07:\n.*web-07\nOf the rest of the project:\n.*db-01/);
    writeFileSync(join(folder, 'no-scc'), '');
    expect(output(run, environment)).toContain('cannot be read');
    expect(sh(run, environment)).toBe(0);
  });
});

describe('cryptominer-azure', () => {
  const environment = { MACHINE: 'web-07', GROUP: 'shop', RANGE: '198.51.100.7/32', LABEL: 'web-07-1' };

  it.each(['cloud-snapshot', 'quarantine-group', 'cloud-isolate'])(
    '%s is done, verified and undone',
    (id) => {
      standIn('az');
      doneAndUndone(stepOf('cryptominer-azure', id), environment);
      if (id === 'cloud-isolate') expect(readFileSync(join(folder, 'group'), 'utf8')).toBe('/nsg/web\n');
    },
  );
});
