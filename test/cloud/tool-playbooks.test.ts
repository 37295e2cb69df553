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
const output = (command: PlaybookCommand | null, environment: Environment) => {
  const { stdout, stderr } = spawned(command, environment);
  return stdout + stderr;
};
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
    expect(output(run, environment)).toMatch(/also used by db-01 europe-west1-b, so nothing is changed/);
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
  const APPLICATIONS = ['11111111-2222-3333-4444-555555555555', '99999999-2222-3333-4444-555555555555'];
  const environment = {
    ...{ MACHINE: 'web-07', GROUP: 'shop', RANGE: '198.51.100.7/32', INCIDENT: 'web-07-1', SHARED: 'false' },
    APPLICATIONS: APPLICATIONS.join(' '),
  };
  const ROLE = '/P1/one\t/roles/4f2e\t/subscriptions/s/resourceGroups/shop\tnone\n';
  const playbook = 'cryptominer-azure';

  it.each([
    'cloud-snapshot',
    'quarantine-group',
    'cloud-isolate',
    'machine-identity',
    'access-keys',
    'backups',
    're-image',
  ])('%s is done, verified and undone, and done twice it is done once', (id) => {
    standIn('az');
    writeFileSync(join(folder, 'roles'), ROLE);
    doneAndUndone(stepOf(playbook, id), environment);
    expect(['snapshots', 'rules', 'tags', 'off', 'vault'].map(kept)).toEqual(Array(5).fill(''));
    expect([kept('group'), kept('disk'), `${kept('roles')}\n`]).toEqual(['/nsg/web', '/disks/os', ROLE]);
  });

  it('takes the snapshots where the machine is, not where its resource group is', () => {
    standIn('az');
    sh(stepOf(playbook, 'cloud-snapshot').run, environment);
    expect(kept('place')).toBe('westeurope');
  });

  it('puts an interface back that was in no group', () => {
    standIn('az');
    writeFileSync(join(folder, 'group'), '\n');
    const { run, undo } = stepOf(playbook, 'cloud-isolate');
    expect([sh(run, environment), kept('group')]).toEqual([0, '/nsg/quarantine']);
    expect([sh(undo, environment), kept('group'), kept('tags')]).toEqual([0, '', '']);
  });

  it('leaves an identity alone that others have, and says who', () => {
    standIn('az');
    writeFileSync(join(folder, 'roles'), ROLE);
    writeFileSync(join(folder, 'others'), '/vms/db-01\t/identities/app\n');
    const { run } = stepOf(playbook, 'machine-identity');
    expect(output(run, environment)).toMatch(/app is also had by db-01, so nothing is changed/);
    expect(`${kept('roles')}\n`).toBe(ROLE);
    expect([sh(run, { ...environment, SHARED: 'true' }), kept('roles')]).toEqual([0, '']);
  });

  it('takes no role away that undo could not give back', () => {
    standIn('az');
    const conditional = ROLE.replace('none', '@Resource[x] StringEquals');
    writeFileSync(join(folder, 'roles'), conditional);
    const { run } = stepOf(playbook, 'machine-identity');
    expect(output(run, environment)).toContain('by hand');
    expect(sh(run, environment)).not.toBe(0);
    expect(`${kept('roles')}\n`).toBe(conditional);
  });

  it('switches on again only the applications that it switched off', () => {
    standIn('az');
    writeFileSync(join(folder, 'off'), `${APPLICATIONS[1]}\n`);
    const { run, undo } = stepOf(playbook, 'access-keys');
    expect([sh(run, environment), kept('off').split('\n').length, sh(undo, environment)]).toEqual([0, 2, 0]);
    expect(kept('off')).toBe(APPLICATIONS[1]);
  });

  it('leaves a machine alone that is backed up already', () => {
    standIn('az');
    writeFileSync(join(folder, 'vault'), '/vaults/ours\n');
    const { run, undo } = stepOf(playbook, 'backups');
    expect([sh(run, environment), sh(undo, environment), kept('vault')]).toEqual([0, 0, '/vaults/ours']);
  });

  it('shows the alerts of the machine apart from others, and goes on where they cannot be read', () => {
    standIn('az');
    const { run } = stepOf(playbook, 'alert');
    expect(output(run, environment)).toMatch(
      /Of web-07:\n.*WEB-07\nOf the rest of the subscription:\n.*db-01/,
    );
    writeFileSync(join(folder, 'no-defender'), '');
    expect([sh(run, environment), output(run, environment)]).toEqual([
      0,
      expect.stringContaining('cannot be read'),
    ]);
  });
});
