import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
function standIn(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ncd ${folder}\nprintf '%s\\n' "$*" >> calls\n${script}`);
  chmodSync(path, 0o755);
}

function sh(command: PlaybookCommand | null, environment: Readonly<Record<string, string>>): number | null {
  if (command === null || !('shell' in command)) throw new Error('no command');
  const env = { PATH: `${folder}:/usr/bin:/bin`, ...environment };
  return spawnSync('/bin/sh', ['-c', command.shell], { env, encoding: 'utf8' }).status;
}

/** The step's own check fails before, holds once it is done, and fails again once it is undone. */
function doneAndUndone(step: Step, environment: Readonly<Record<string, string>>): void {
  expect(step.on).toBe('responder');
  expect(sh(step.verify, environment)).not.toBe(0);
  expect(sh(step.run, environment)).toBe(0);
  expect(sh(step.verify, environment)).toBe(0);
  expect(sh(step.undo, environment)).toBe(0);
  expect(sh(step.verify, environment)).not.toBe(0);
}

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('cryptominer-gcp', () => {
  const environment = {
    ...{ INSTANCE: 'web-07', ZONE: 'europe-west1-b', PROJECT: 'shop', NETWORK: 'default' },
    ...{ RANGE: '198.51.100.7/32', LABEL: 'Web-07-20261123-041200' },
  };
  const GCLOUD = `touch rules tags snapshots
case "$*" in
*"instances describe"*disks*) printf 'web-07\\nweb-07-data\\n' ;;
*"instances describe"*tags*) tr '\\n' ' ' < tags ;;
*"disks snapshot"*) for word; do case "$word" in --snapshot-names=*) echo "\${word#*=}" >> snapshots ;; esac; done ;;
*"snapshots list"*status*) sed 's/.*/READY/' snapshots ;;
*"snapshots list"*) cat snapshots ;;
*"snapshots delete"*) grep -vx "$4" snapshots > left; mv left snapshots ;;
*"firewall-rules create"*) echo "$4" >> rules ;;
*"firewall-rules list"*) cat rules ;;
*"firewall-rules delete"*) : > rules ;;
*add-tags*) echo tourniquet-quarantine >> tags ;;
*remove-tags*) : > tags ;;
*) exit 64 ;;
esac
`;

  it.each(['cloud-snapshot', 'quarantine-rules', 'cloud-isolate'])(
    '%s is done, verified and undone',
    (id) => {
      standIn('gcloud', GCLOUD);
      doneAndUndone(stepOf('cryptominer-gcp', id), environment);
    },
  );

  it('snapshots each disk under a name that Google takes', () => {
    standIn('gcloud', GCLOUD);
    sh(stepOf('cryptominer-gcp', 'cloud-snapshot').run, environment);
    const names = calls().flatMap((call) => /--snapshot-names=(\S+)/.exec(call)?.[1] ?? []);
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(calls().join('\n')).toContain('--labels=tourniquet=web-07-20261123-041200');
  });
});

describe('cryptominer-azure', () => {
  const environment = { MACHINE: 'web-07', GROUP: 'shop', RANGE: '198.51.100.7/32', LABEL: 'web-07-1' };
  const AZ = `touch snapshots rules
[ -e group ] || echo /nsg/web > group
case "$*" in
"vm show"*managedDisk*) printf '/disks/os\\n/disks/data\\n' ;;
"vm show"*location*) echo westeurope ;;
"vm show"*networkInterfaces*) echo /nics/one ;;
"snapshot create"*) echo "$6" >> snapshots ;;
"snapshot list"*provisioningState*) sed 's/.*/Succeeded/' snapshots ;;
"snapshot list"*) cat snapshots ;;
"snapshot delete"*) grep -vx "$4" snapshots > left; mv left snapshots ;;
"network nsg create"*) : > rules ;;
"network nsg rule create"*) echo rule >> rules ;;
"network nsg rule list"*) [ -s rules ] && wc -l < rules ;;
"network nsg show"*) echo /nsg/quarantine ;;
"network nsg delete"*) : > rules ;;
"network nic show"*networkSecurityGroup*) cat group ;;
"network nic show"*tags*) cat before 2> /dev/null; : ;;
"network nic update"*--network-security-group*) echo "$7" > group ;;
"network nic update"*--set*) echo "$7" | cut -d = -f 2- > before ;;
"network nic update"*--remove*) rm -f before ;;
*) exit 64 ;;
esac
`;

  it.each(['cloud-snapshot', 'quarantine-group', 'cloud-isolate'])(
    '%s is done, verified and undone',
    (id) => {
      standIn('az', AZ);
      doneAndUndone(stepOf('cryptominer-azure', id), environment);
      if (id === 'cloud-isolate') expect(readFileSync(join(folder, 'group'), 'utf8')).toBe('/nsg/web\n');
    },
  );
});
